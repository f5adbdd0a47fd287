"""What `make bench` compares: this project, what peers do, and what the machine can do at best."""
