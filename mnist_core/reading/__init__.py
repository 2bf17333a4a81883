"""Reading: from a picture to its digits. numpy, OpenCV and the small runtime only."""
