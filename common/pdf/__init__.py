"""PDFs out of HTML, and pictures of their pages, each made in a process of its own that holds no secret.

What runs in that process (`draw`, `look`, and what they import) knows nothing of Django, so that it starts fast.
"""
