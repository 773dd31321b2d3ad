# CloudFront in front of public/ alone: `https://podcast.example.com/feed.xml` is the object `public/feed.xml`. What lies
# below private/ has no address here, whatever anybody asks for.

resource "aws_cloudfront_origin_access_control" "show" {
  name                              = var.bucket
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

data "aws_cloudfront_cache_policy" "as_the_object_says" {
  name = "Managed-CachingOptimized"
}

resource "aws_cloudfront_response_headers_policy" "show" {
  name = "${replace(var.bucket, ".", "-")}-public"

  # Players on other sites read audio, transcripts and chapters, and seek.
  cors_config {
    access_control_allow_credentials = false
    access_control_max_age_sec       = local.reading.MaxAgeSeconds
    origin_override                  = true

    access_control_allow_headers {
      items = local.reading.AllowedHeaders
    }
    access_control_allow_methods {
      items = local.reading.AllowedMethods
    }
    access_control_allow_origins {
      items = local.reading.AllowedOrigins
    }
    access_control_expose_headers {
      items = local.reading.ExposeHeaders
    }
  }

  security_headers_config {
    content_type_options {
      override = true
    }
    referrer_policy {
      referrer_policy = "strict-origin-when-cross-origin"
      override        = false
    }
    strict_transport_security {
      access_control_max_age_sec = 31536000
      override                   = true
    }
  }
}

resource "aws_cloudfront_distribution" "show" {
  comment             = "Podcast in ${var.bucket}"
  enabled             = true
  is_ipv6_enabled     = true
  http_version        = "http2and3"
  price_class         = var.price_class
  default_root_object = "index.html"
  aliases             = var.domain == "" ? [] : [var.domain]

  origin {
    origin_id                = "public"
    domain_name              = aws_s3_bucket.show.bucket_regional_domain_name
    origin_path              = "/public"
    origin_access_control_id = aws_cloudfront_origin_access_control.show.id
  }

  default_cache_behavior {
    target_origin_id           = "public"
    allowed_methods            = ["GET", "HEAD", "OPTIONS"]
    cached_methods             = ["GET", "HEAD"]
    compress                   = true
    cache_policy_id            = data.aws_cloudfront_cache_policy.as_the_object_says.id
    response_headers_policy_id = aws_cloudfront_response_headers_policy.show.id
    viewer_protocol_policy     = "redirect-to-https"
  }

  # Who asked a second too early shall not be told for minutes that there is nothing.
  dynamic "custom_error_response" {
    for_each = [403, 404]

    content {
      error_code            = custom_error_response.value
      error_caching_min_ttl = 5
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = var.domain == ""
    acm_certificate_arn            = var.domain == "" ? null : aws_acm_certificate_validation.show[0].certificate_arn
    ssl_support_method             = var.domain == "" ? null : "sni-only"
    minimum_protocol_version       = var.domain == "" ? null : "TLSv1.2_2021"
  }
}

resource "aws_acm_certificate" "show" {
  count             = var.domain == "" ? 0 : 1
  provider          = aws.us_east_1
  domain_name       = var.domain
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

# Waits until the records of the output `certificate_records` are in your DNS.
resource "aws_acm_certificate_validation" "show" {
  count           = var.domain == "" ? 0 : 1
  provider        = aws.us_east_1
  certificate_arn = aws_acm_certificate.show[0].arn
}
