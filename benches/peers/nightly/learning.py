def learn_and_score(*a): pass
