"""The templates as the tests read them: each in both arms of recognition."""

from aws.paths import TEMPLATES
from aws.templates import ACCOUNT, REGION, Template

FUNCTION, WORKER = "lambda", "celery"
IMAGES, RESULTS = "images-bucket", "results-bucket"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:queue"
UNITS = ("monolith", "accounts", "submissions", "recognition")


def template(name: str, recognition: str = FUNCTION) -> Template:
    """Return a template with the parameters that the services' stack would give it."""
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
