"""Flow charts from the data of a version: how the power runs, and what the applicant does. Pure.

Drawn downwards for a phone held upright. Parallel steps are side by side and join below; if a step does not
wait for the whole row above, it names what it waits for. Only what the data contain is drawn.

Cites: 行政许可法 第三十条 (公示程序), 行政许可法 第三十二条, 行政许可法 第三十八条, 行政许可法 第四十四条
"""

from __future__ import annotations

from collections.abc import Sequence

from . import routes
from .drawing import ACCENT, GAP, MARGIN, QUIET, WIDTH, Box, Sheet, Words, lay
from .types import HandlingForm, ItemTerms, ItemType, ItemView, StepKind, StepTerm

FULL = WIDTH - 2 * MARGIN
SIDE_BY_SIDE = 3


def power_flow_chart(terms: ItemTerms, *, deciding_post_name: str = "") -> str:
    """The operation flow chart of a power: intake, acceptance, route with posts and limits, decision.

    CAT-12. Cites: 行政许可法 第三十二条, 行政许可法 第三十四条, 行政许可法 第三十八条, 行政许可法 第四十四条
    """
    licence = terms.item_type is ItemType.LICENCE
    title = f"{terms.item_name}权力运行流程图"
    sheet = Sheet("power-chart", title, _power_description(terms, deciding_post_name))
    above = [_row(sheet, [], [[Words("申请人提出申请", 16, bold=True)]], "end")[0]]
    intake = [Words("收件审查", 16, bold=True), Words("综合窗口", 14, colour=QUIET)]
    intake.append(Words("当场或者五个工作日内" if licence else "当场核对材料", 14, colour=ACCENT))
    above = _row(sheet, above, [intake])
    above = _row(
        sheet,
        above,
        [
            [Words("一次性告知", 14, bold=True), Words("材料不齐或者不合格式，写明全部补正内容", 13)],
            [Words("受理", 14, bold=True), Words("齐全合格，出具受理通知书", 13)],
            [Words("不予受理", 14, bold=True), Words("不需许可或者不属本机关，书面告知", 13)],
        ],
        ("aside", "end", "aside"),
    )[1:2]
    for layer in routes.layers(terms.steps):
        above = _steps(sheet, above, layer, terms.steps)
    above = _row(sheet, above, [_decision_words(terms, deciding_post_name)], "decision")
    _outcomes(sheet, above, terms, licence)
    return sheet.svg()


def _row(
    sheet: Sheet, above: Sequence[Box], runs: Sequence[list[Words]], shape: str | Sequence[str] = "step"
) -> list[Box]:
    """One row of boxes of equal height, side by side, with arrows from every box above."""
    shapes = [shape] * len(runs) if isinstance(shape, str) else list(shape)
    space = 8.0
    width = (FULL - space * (len(runs) - 1)) / len(runs)
    y = sheet.bottom + (GAP if above else 0)
    laid = [lay(run, MARGIN + at * (width + space), y, width, shapes[at]) for at, run in enumerate(runs)]
    tallest = max(box.height for box in laid)
    boxes = [Box(box.x, box.y, box.width, tallest, box.lines, box.shape) for box in laid]
    for box in boxes:
        for upper in above:
            sheet.arrow(upper, box)
        sheet.box(box)
    return boxes


def _steps(
    sheet: Sheet, above: Sequence[Box], layer: Sequence[StepTerm], steps: Sequence[StepTerm]
) -> list[Box]:
    """The steps of one layer: up to three side by side, otherwise in rows of two."""
    label_at = sheet.bottom + 20
    if len(layer) > 1:
        sheet.bottom += 22
    boxes: list[Box] = []
    per_row = SIDE_BY_SIDE if len(layer) <= SIDE_BY_SIDE else 2
    for start in range(0, len(layer), per_row):
        runs = [_step_words(step, layer, steps) for step in layer[start : start + per_row]]
        boxes += _row(sheet, above if start == 0 else [], runs)
        if start + per_row < len(layer):
            sheet.bottom += 10
    if len(layer) > 1:
        sheet.label(f"以下{len(layer)}个环节同时进行", WIDTH / 2, label_at)
    return boxes[-per_row:] if len(layer) > per_row else boxes


def _step_words(step: StepTerm, layer: Sequence[StepTerm], steps: Sequence[StepTerm]) -> list[Words]:
    narrow = len(layer) > 1
    small = 13 if narrow else 14
    runs = [Words(step.name, 14 if narrow else 16, bold=True)]
    if step.kind.label != step.name:
        runs.append(Words(step.kind.label, small, colour=QUIET))
    runs.append(Words(step.post_name or step.post_code, small))
    if step.officers > 1:
        runs.append(Words(f"{step.officers}名工作人员", small))
    runs.append(Words(f"{step.limit_days}个工作日" if step.limit_days else "当日", small, colour=ACCENT))
    if step.kind in routes.NOT_COUNTED:
        runs.append(Words("书面告知所需时间，不计入期限", small, colour=QUIET))
    if waits := _partial_wait(step, steps):
        runs.append(Words(f"在{waits}之后", small, colour=QUIET))
    return runs


def _partial_wait(step: StepTerm, steps: Sequence[StepTerm]) -> str:
    """What a step waits for, where that is not the whole row above it."""
    rows = routes.layers(steps)
    turn = next(at for at, row in enumerate(rows) if step in row)
    above = {one.key for one in rows[turn - 1]} if turn else set()
    if set(step.after) == above:
        return ""
    names = {one.key: one.name for one in steps}
    return "、".join(f"“{names[key]}”" for key in step.after)


def _decision_words(terms: ItemTerms, post_name: str) -> list[Words]:
    on_the_spot = terms.decides_on_the_spot
    runs = [Words("当场决定" if on_the_spot else "作出决定", 16, bold=True)]
    runs.append(Words(post_name or terms.deciding_post_code, 14))
    runs.append(Words(f"承诺{terms.promised.text}", 14, colour=ACCENT))
    if terms.statutory is not None:
        runs.append(Words(f"法定{terms.statutory.text}", 13, colour=QUIET))
    return runs


def _outcomes(sheet: Sheet, above: Sequence[Box], terms: ItemTerms, licence: bool) -> None:
    deliver = "、".join(way.label for way in terms.delivery_ways)
    granted = [Words("准予" if licence else "予以办理", 15, bold=True), Words(terms.result_name, 13)]
    granted.append(Words("十个工作日内送达" if licence else "送达", 13, colour=ACCENT))
    granted += [Words(deliver, 13, colour=QUIET)] if deliver else []
    refused = [
        Words("不予许可" if licence else "不予办理", 15, bold=True),
        Words("书面说明理由，告知行政复议、行政诉讼的权利", 13),
    ]
    _row(sheet, above, [granted, refused], ("end", "aside"))


def _power_description(terms: ItemTerms, post_name: str) -> str:
    steps = "；".join(
        f"{'同时进行：' if len(layer) > 1 else ''}" + "，".join(_step_text(step) for step in layer)
        for layer in routes.layers(terms.steps)
    )
    statutory = f"，法定{terms.statutory.text}" if terms.statutory else ""
    return "。".join(
        part
        for part in (
            "申请人提出申请，综合窗口收件审查：齐全合格的受理，不齐的一次性告知，不属受理范围的不予受理",
            steps,
            f"{post_name or terms.deciding_post_code}作出决定，承诺{terms.promised.text}{statutory}",
            f"准予的送达{terms.result_name}，不予的说明理由并告知救济途径",
        )
        if part
    )


def _step_text(step: StepTerm) -> str:
    days = f"{step.limit_days}个工作日" if step.limit_days else "当日"
    officers = f"，{step.officers}名工作人员" if step.officers > 1 else ""
    return f"{step.name}（{step.post_name or step.post_code}{officers}，{days}）"


def process_guide_chart(view: ItemView) -> str:
    """《办事流程导引图》: what the applicant does, where, and how long it takes (GUIDE-02)."""
    stations = _stations(view)
    said = "。".join(f"第{at}步，{head}：{'，'.join(lines)}" for at, (head, lines) in enumerate(stations, 1))
    sheet = Sheet("guide-chart", f"{view.terms.item_name}办事流程导引图", said)
    above: list[Box] = []
    for at, (head, lines) in enumerate(stations, 1):
        runs = [Words(f"{at}　{head}", 17, bold=True, colour=ACCENT), *(Words(line, 15) for line in lines)]
        above = _row(sheet, above, [runs], "end" if at in (1, len(stations)) else "step")
    return sheet.svg()


def _stations(view: ItemView) -> list[tuple[str, list[str]]]:
    terms = view.terms
    required = [material.name for material in terms.materials if material.necessity == "required"]
    prepare = [f"共{len(terms.materials)}份材料，必要的{len(required)}份", *_some(required)]
    stations = [("准备材料", prepare), ("提出申请", _where(view))]
    if terms.decides_on_the_spot:
        stations.append(("当场办结", ["材料齐全的，窗口当场作出决定"]))
    else:
        spot = "当场或者五个工作日内" if terms.item_type is ItemType.LICENCE else "核对材料后"
        stations.append(("拿到受理通知书", [f"{spot}告知是否受理", "凭上面的查询码随时查进度"]))
        stations.append(("等候审查", _waiting(view)))
    if terms.fees:
        stations.append(("缴费", [terms.fee_text]))
    ways = [way.label for way in terms.delivery_ways]
    stations.append(("领取结果", [part for part in (terms.result_name, "、".join(ways)) if part]))
    return stations


def _some(names: Sequence[str]) -> list[str]:
    shown = list(names[:6])
    return [*shown, f"等{len(names)}份，详见材料清单"] if len(names) > len(shown) else shown


def _where(view: ItemView) -> list[str]:
    lines = ["、".join(form.label for form in view.terms.forms)]
    if HandlingForm.WINDOW in view.terms.forms:
        lines += [line for line in (view.address, view.hours) if line]
    lines.append(f"到现场{view.visits}次" if view.visits else "可以不到现场")
    return [*lines, f"咨询电话 {view.phone}"] if view.phone else lines


def _waiting(view: ItemView) -> list[str]:
    terms = view.terms
    kinds = {step.kind for step in terms.steps}
    lines = [f"承诺自受理之日起{terms.promised.text}内作出决定"]
    if terms.statutory is not None:
        lines.append(f"法律规定最长{terms.statutory.text}")
    if StepKind.SITE_CHECK in kinds:
        lines.append("工作人员会到现场核查，请予配合")
    if StepKind.EXPERT_REVIEW in kinds:
        lines.append("需要专家评审，所需时间另行书面告知，不计入期限")
    return lines
