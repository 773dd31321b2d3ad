output "settings" {
  description = "For pillarcast.env."
  value       = <<-ENV
    PILLARCAST_BUCKET=s3
    PILLARCAST_BUCKET_NAME=${aws_s3_bucket.show.bucket}
    PILLARCAST_BUCKET_REGION=${var.region}
    PILLARCAST_BUCKET_PUBLIC_URL=https://${var.domain == "" ? aws_cloudfront_distribution.show.domain_name : var.domain}
  ENV
}

output "publisher" {
  description = "The user to make an access key for."
  value       = aws_iam_user.publisher.name
}

output "publisher_policy" {
  description = "For a machine's role instead of a key: attach this policy to it."
  value       = aws_iam_policy.publisher.arn
}

output "cdn" {
  description = "Where a CNAME of the domain points to."
  value       = aws_cloudfront_distribution.show.domain_name
}

output "certificate_records" {
  description = "Records that prove to Amazon that the domain is yours."
  value       = [for record in flatten(aws_acm_certificate.show[*].domain_validation_options) : "${record.resource_record_name} ${record.resource_record_type} ${record.resource_record_value}"]
}
