"""Systems are tested with one thread, as jobs run: threads of tests side by side would fight."""

import torch

torch.set_num_threads(1)
