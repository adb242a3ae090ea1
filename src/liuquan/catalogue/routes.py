"""Routes as graphs: which steps run in parallel, where they join, how long the longest way takes. Pure.

A step begins when all steps named in its `after` are done; a step without `after` begins with acceptance; the
decision follows when every step is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .types import Lack, Severity, StepKind, StepTerm

#: Steps whose time the law does not count. Cites: 行政许可法 第四十五条
NOT_COUNTED = frozenset({StepKind.EXPERT_REVIEW})
MOST_STEPS = 60


def route_lacks(steps: Sequence[StepTerm]) -> list[Lack]:
    """What is wrong with the shape of a route: repeated keys, unknown or own `after`, circles, lone checkers.

    Cites: 行政许可法 第三十四条
    """
    if len(steps) > MOST_STEPS:
        return [Lack("step", f"一项办理有{len(steps)}个环节，超过{MOST_STEPS}个，请合并环节。")]
    found: list[Lack] = []
    seen: set[str] = set()
    for step in steps:
        if step.key in seen:
            found.append(Lack("step", f"环节“{step.key}”写了两次，请改用不同的键。", key=step.key))
        seen.add(step.key)
    for step in steps:
        found += _step_lacks(step, seen)
    if len(circle := circle_of(steps)) > 1:
        way = " → ".join((*circle, circle[0]))
        found.append(
            Lack("step", f"环节互为前序，形成循环：{way}，请去掉其中一个前序。", key=circle[0], part="after")
        )
    return found


def _step_lacks(step: StepTerm, keys: set[str]) -> list[Lack]:
    found = []
    for name in step.after:
        if name == step.key:
            found.append(
                Lack("step", f"环节“{step.name}”把自己写成了前序，请删去。", key=step.key, part="after")
            )
        elif name not in keys:
            found.append(
                Lack("step", f"环节“{step.name}”的前序“{name}”不存在，请核对键。", key=step.key, part="after")
            )
    if step.kind is StepKind.SITE_CHECK and step.officers < 2:
        found.append(
            Lack(
                "step",
                f"现场核查“{step.name}”只安排了{step.officers}人，应当指派两名以上工作人员。",
                key=step.key,
                citation="行政许可法 第三十四条",
                part="officers",
            )
        )
    for field, label in (("task", "工作任务"), ("standard", "办理标准"), ("condition", "办理条件")):
        if not getattr(step, field):
            # 任务、标准、条件、时限、责任岗位 are each asked of every step.
            found.append(Lack("step", f"环节“{step.name}”没有写{label}。", key=step.key, part=field))
    return found


def circle_of(steps: Sequence[StepTerm]) -> tuple[str, ...]:
    """The keys of one cycle of steps that wait for each other, in order (a step that waits for itself is a
    cycle of length one); empty if there is none.
    """
    after = {step.key: step.after for step in steps}
    done: set[str] = set()
    for start in after:
        way: list[str] = []
        if circle := _walk(start, after, done, way):
            return circle
    return ()


def _walk(key: str, after: Mapping[str, Sequence[str]], done: set[str], way: list[str]) -> tuple[str, ...]:
    if key in way:
        return tuple(reversed(way[way.index(key) :]))
    if key in done or key not in after:
        return ()
    way.append(key)
    for name in after[key]:
        if circle := _walk(name, after, done, way):
            return circle
    way.pop()
    done.add(key)
    return ()


def layers(steps: Sequence[StepTerm]) -> list[list[StepTerm]]:
    """The steps in layers, by how early each can begin: those of one layer may run in parallel.

    Refuses a cycle, because none of its steps could begin.
    """
    if circle := circle_of(steps):
        raise ValueError(f"circular route: {circle}")
    by_key = {step.key: step for step in steps}
    turn: dict[str, int] = {}

    def turn_of(key: str) -> int:
        if key not in turn:
            turn[key] = 1 + max((turn_of(name) for name in by_key[key].after if name in by_key), default=-1)
        return turn[key]

    result: list[list[StepTerm]] = [[] for _ in range(1 + max((turn_of(key) for key in by_key), default=-1))]
    for step in steps:
        result[turn[step.key]].append(step)
    return result


def longest_way(steps: Sequence[StepTerm]) -> int:
    """The working days of the longest way through the route, without steps whose time is not counted."""
    if circle_of(steps):
        return 0
    by_key = {step.key: step for step in steps}
    days: dict[str, int] = {}

    def days_to(key: str) -> int:
        if key not in days:
            step = by_key[key]
            own = 0 if step.kind in NOT_COUNTED else step.limit_days
            days[key] = own + max((days_to(name) for name in step.after if name in by_key), default=0)
        return days[key]

    return max((days_to(key) for key in by_key), default=0)


def last_steps(steps: Sequence[StepTerm]) -> list[StepTerm]:
    """The steps nothing waits for: the decision follows them."""
    waited_for = {name for step in steps for name in step.after}
    return [step for step in steps if step.key not in waited_for]


def way_too_long(steps: Sequence[StepTerm], promised_days: int) -> list[Lack]:
    """A warning when the steps together take longer than the promise leaves (working days)."""
    need = longest_way(steps) if len(steps) <= MOST_STEPS else 0
    if need <= promised_days:
        return []
    sentence = f"各环节时限最长一路合计{need}个工作日，超过承诺的{promised_days}个工作日，请缩短环节时限。"
    return [Lack("step", sentence, Severity.WARNS)]
