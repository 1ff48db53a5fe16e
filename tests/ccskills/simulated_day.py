"""A simulated day without a decision, and the names of the levers, for the tests of the flight simulator."""

from ccskills.simulation import Day

LEVERS = ("overtime", "early_leave", "move_break", "cancel_training", "callback", "borrow")


def idle(day: Day) -> Day:
    while not day.over:
        day.step()
    return day
