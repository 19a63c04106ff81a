"""An Indexed Job of thousands of segments on a real control plane, whose Pods a script completes."""
