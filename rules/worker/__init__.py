"""Rules run in processes of their own, which can be killed; or, for tests, in this one."""
