"""A full cycle with alteryx-gallery-py, as its README shows it. JSON in, JSON out."""

import hashlib
import json
import sys
import time

from alteryx_gallery_py import Subscriptions

told = json.load(sys.stdin)
gallery = Subscriptions(told["key"], told["secret"], told["url"])
seen = {"workflows": gallery.get_workflows(), "with_blank": gallery.get_workflows(search="a b")}
app = next(w["id"] for w in seen["workflows"] if w["metaInfo"]["name"] == told["workflow"])
seen["questions"] = gallery.get_questions(app)
seen["job"] = job = gallery.create_job(app, questions=told["answers"], priority="0")
while job["status"] != "Completed":
    time.sleep(0.05)
    job = gallery.get_job(job["id"])
seen |= {"end": job, "jobs": gallery.list_jobs(app, sortField="createdate", direction="desc")}
output = job["outputs"][0]
content = gallery.get_job_output(job["id"], output["id"], format="Csv")
seen["output"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
seen["package"] = gallery.download_app(app)[:4].decode("latin-1")
print(json.dumps(seen))
