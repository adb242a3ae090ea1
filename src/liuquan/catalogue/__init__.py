"""Catalogue: what may be done. Powers and service items, versioned, with basis, limits and routes.

法无授权不可为: an item without a legal basis is never published; what is not published is not handled.
A version is a draft until it is published; from then on nobody can change it, not even in the database.
A new version takes effect on its own day, so that every case shows which text was in force when it began.

Verbs: `import_item_list` and `load_pack_items` bring drafts in, `publish` puts a version in force, `adjust`
opens the next draft, `cancel` ends an item, `check_against_law` compares promises with the law in force.
Questions: `search`, `guide`, `terms`, `published_items`, `lacks`, `flow_chart_svg`.

Cites: 行政许可法 第十四条至第十七条, 行政许可法 第三十条, 优化营商环境条例 第三十五条
"""
