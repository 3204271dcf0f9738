"""What goes into each evidence pack as it is: the program that verifies one."""
