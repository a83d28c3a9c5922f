"""A full cycle with mcp-server-alteryx: its tools, over its strictly typed models."""

import hashlib
import json
import sys
import zipfile
from pathlib import Path

from src.tools import AYXMCPTools, InputData

told = json.load(sys.stdin)
tools = AYXMCPTools()
workflows = tools.workflows_api.workflows_get_workflows()
app = next(w.id for w in workflows if w.name == told["workflow"])
questions = tools.workflows_api.workflows_get_workflow_questions(app)
answers = [InputData(**answer) for answer in told["answers"]]
seen = {
    "workflows": tools.get_all_workflows(),
    "workflow": tools.get_workflow_by_id(app),
    "questions": [[q.name, q.question_type, q.multiple] for q in questions],
    "started": tools.start_workflow_execution(app, answers),
    "monitored": tools.execute_workflow_with_monitoring(
        app, answers, timeout_seconds=60, poll_interval_seconds=0.05
    ),
}
listed = tools.workflows_api.workflows_get_jobs_for_workflow(app)
job_id = listed[0].id
seen["jobs"] = [[job.id, job.status] for job in listed]
seen["job"] = {"id": job_id, "text": tools.get_job_by_id(job_id)}
seen["messages"] = tools.get_all_job_messages(job_id)
seen["output"] = tools.get_job_output_data(job_id)
files = sorted(Path(told["folder"]).glob(f"{job_id}_*"))
seen["files"] = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
seen["package"] = tools.download_workflow_package_file(app)
with zipfile.ZipFile(Path(told["folder"]) / f"{app}.yxzp") as package:
    seen["packed"] = package.namelist()
seen["xml"] = tools.get_workflow_xml(app)
print(json.dumps(seen))
