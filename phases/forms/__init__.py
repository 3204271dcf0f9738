"""What people type into the pages of the plan, and how it is checked."""
