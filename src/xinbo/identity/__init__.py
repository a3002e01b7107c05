"""Who is who: merchants, their staff, their shoppers, and what each may do."""
