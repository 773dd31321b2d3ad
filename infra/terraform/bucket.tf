# The bucket is the whole system: private, versioned, and not to be deleted by mistake.

locals {
  # The same rules as where pillarcast sets up a bucket itself.
  keeping = { for rule in jsondecode(file("${path.module}/../s3/lifecycle.json")).Rules : rule.ID => rule }
  reading = jsondecode(file("${path.module}/../s3/cors.json")).CORSRules[0]
  working = replace(file("${path.module}/../s3/publisher-policy.json"), "BUCKET", var.bucket)
}

resource "aws_s3_bucket" "show" {
  bucket = var.bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "show" {
  bucket                  = aws_s3_bucket.show.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "show" {
  bucket = aws_s3_bucket.show.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "show" {
  bucket = aws_s3_bucket.show.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "show" {
  bucket = aws_s3_bucket.show.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "show" {
  bucket     = aws_s3_bucket.show.id
  depends_on = [aws_s3_bucket_versioning.show]

  rule {
    id     = "abort-uploads"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = local.keeping["abort-uploads"].AbortIncompleteMultipartUpload.DaysAfterInitiation
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  rule {
    id     = "public-versions"
    status = "Enabled"

    filter {
      prefix = local.keeping["public-versions"].Filter.Prefix
    }

    noncurrent_version_expiration {
      noncurrent_days = local.keeping["public-versions"].NoncurrentVersionExpiration.NoncurrentDays
    }
  }

  rule {
    id     = "private-versions"
    status = "Enabled"

    filter {
      prefix = local.keeping["private-versions"].Filter.Prefix
    }

    noncurrent_version_expiration {
      noncurrent_days           = local.keeping["private-versions"].NoncurrentVersionExpiration.NoncurrentDays
      newer_noncurrent_versions = local.keeping["private-versions"].NoncurrentVersionExpiration.NewerNoncurrentVersions
    }
  }

  # Small objects, the catalogue among them, stay where they are: the cold class charges them as 128 KB.
  rule {
    id     = "recordings-to-cold"
    status = "Enabled"

    filter {
      and {
        prefix                   = "private/"
        object_size_greater_than = 1048576
      }
    }

    transition {
      days          = var.recordings_to_cold_after_days
      storage_class = "GLACIER_IR"
    }
  }
}

# The only reader besides the publisher is this CDN, and it reads nothing but public/.
data "aws_iam_policy_document" "bucket" {
  statement {
    sid       = "TheCdnReadsWhatIsPublic"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.show.arn}/public/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudfront.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "AWS:SourceArn"
      values   = [aws_cloudfront_distribution.show.arn]
    }
  }

  statement {
    sid       = "NothingWithoutTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.show.arn, "${aws_s3_bucket.show.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "show" {
  bucket     = aws_s3_bucket.show.id
  policy     = data.aws_iam_policy_document.bucket.json
  depends_on = [aws_s3_bucket_public_access_block.show]
}
