"""What the tests of the blogs share: posts to publish, a fake blog, and the contract that every blog keeps."""

import pytest

pytest.register_assert_rewrite("tests.blog_support.contract")
