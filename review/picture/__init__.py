"""Pictures of a draft's pages, and where on them a finding's words stand."""
