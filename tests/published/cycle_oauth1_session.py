"""A full cycle with requests_oauthlib alone: the neutral judge of OAuth 1.0a signatures."""

import hashlib
import json
import sys
import time

import requests
from requests_oauthlib import OAuth1Session

told = json.load(sys.stdin)
session = OAuth1Session(told["key"], told["secret"], signature_type=told["place"])
base = f"{told['url']}api/v1/"


def get(path: str, **query: str) -> requests.Response:
    answer = session.get(base + path, params=query, timeout=30)
    answer.raise_for_status()
    return answer


workflows = get("workflows/subscription/", search=told["workflow"]).json()
app = workflows[0]["id"]
questions = get(f"workflows/{app}/questions/").json()
job = session.post(
    f"{base}workflows/{app}/jobs/", json={"questions": told["answers"]}, timeout=30
).json()
first = job
while job["status"] != "Completed":
    time.sleep(0.05)
    job = get(f"jobs/{job['id']}/").json()
content = get(f"jobs/{job['id']}/output/{job['outputs'][0]['id']}/", format="Raw").content
package = get(f"{app}/package/").content
wrong = OAuth1Session(told["key"], "wrong", signature_type=told["place"])
refused = wrong.get(f"{base}workflows/subscription/", timeout=30)
print(
    json.dumps(
        {
            "workflows": workflows,
            "questions": questions,
            "job": first,
            "end": job,
            "output": {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)},
            "package": package[:4].decode("latin-1"),
            "refused": [refused.status_code, refused.json()],
        }
    )
)
