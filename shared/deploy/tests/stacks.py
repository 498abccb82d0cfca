"""The templates as the tests read them: each in both arms of recognition."""

from functools import cache

from aws.paths import TEMPLATES
from aws.templates import ACCOUNT, REGION, Template

FUNCTION, WORKER = "lambda", "celery"
IMAGES, RESULTS = "images-bucket", "results-bucket"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue"
UNITS = ("monolith", "accounts", "submissions", "recognition")


@cache
def template(name: str, recognition: str = FUNCTION) -> Template:
    """Return a template with the parameters that the services' stack would give it.

    It is read once for all tests, which change nothing of it: reading takes 0.2 s.
    """
    is_function = recognition == FUNCTION
    parameters = {
        "Recognition": recognition,
        "FunctionImage": "image",
        "ImageBucketName": IMAGES,
        "ResultBucketName": RESULTS,
        "Queue": QUEUE if is_function else "",
        "QueueUrl": "https://queue" if is_function else "",
        "SigningKeys": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:signing-keys",
    }
    return Template(TEMPLATES[name], name, parameters)
