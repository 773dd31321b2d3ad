# What pillarcast itself may do: its objects, and nothing about the bucket. It cannot delete a version for good, nor
# change who may read. Its access key is made by hand, so that no secret stands in the state:
#
#   aws iam create-access-key --user-name $(tofu output -raw publisher)

resource "aws_iam_policy" "publisher" {
  name        = "${var.bucket}-publisher"
  description = "pillarcast: read and write the objects of ${var.bucket}"
  policy      = local.working
}

resource "aws_iam_user" "publisher" {
  name = "${var.bucket}-publisher"
}

resource "aws_iam_user_policy_attachment" "publisher" {
  user       = aws_iam_user.publisher.name
  policy_arn = aws_iam_policy.publisher.arn
}
