"""The drawings, each from plain lines and numbers; what they are of is their callers' business."""
