"""`python -m recognition.prepare`: create this service's own bucket. Run at each release."""

from recognition.bootstrap import store

if __name__ == "__main__":
    store().result_bucket_create()
