"""Archives, whose members are documents of their own."""
