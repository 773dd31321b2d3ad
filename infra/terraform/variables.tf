variable "bucket" {
  description = "Name of the bucket. The show lives in it; it is made here and never deleted from here."
  type        = string
}

variable "region" {
  description = "Region of the bucket."
  type        = string
  default     = "us-east-1"
}

variable "domain" {
  description = "Name by which the public reads the show, such as podcast.example.com. Empty: CloudFront's own name."
  type        = string
  default     = ""
}

variable "recordings_to_cold_after_days" {
  description = "Recordings and masters move to Glacier Instant Retrieval after so many days: a sixth of the price, still there at once."
  type        = number
  default     = 90
}

variable "price_class" {
  description = "Where CloudFront keeps copies: PriceClass_100 (Europe and North America), PriceClass_200, PriceClass_All."
  type        = string
  default     = "PriceClass_100"
}
