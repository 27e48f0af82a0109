"""What a transformer is born with."""

STATEMENTS = []


if __name__ == "__main__":
    from verdicts import not_an_experiment

    not_an_experiment()
