"""What the folder of a training job holds, by name."""

#: Of each training: its model, its history, and the scores of all clips, a file per kind.
WEIGHTS, DESCRIPTION, HISTORY, SCORES = "model.safetensors", "model.json", "history.csv", "scores"
#: Of the job: by which code it scored, and how long its trainings took.
SCORED_BY, TIMES = "scored_by", "times.csv"
