"""The tables of the catalogue."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ItemVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version_no", models.PositiveIntegerField(help_text="从 1 起", verbose_name="版本号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("published", "已发布"),
                            ("superseded", "已被新版本取代"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "validity",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="上海日期，含首日不含末日；草稿为空", null=True, verbose_name="有效期"
                    ),
                ),
                ("published_at", models.DateTimeField(null=True, verbose_name="发布时间")),
                ("ended_reason", models.CharField(blank=True, max_length=200, verbose_name="停止适用的原因")),
                ("name", models.CharField(max_length=200, verbose_name="事项名称")),
                (
                    "sort_key",
                    models.CharField(
                        db_index=True, help_text="拼音，按 C 排序", max_length=1200, verbose_name="排序键"
                    ),
                ),
                ("main_item", models.CharField(blank=True, max_length=200, verbose_name="主项名称")),
                (
                    "item_type",
                    models.CharField(
                        choices=[
                            ("01", "行政许可"),
                            ("02", "行政处罚"),
                            ("03", "行政强制"),
                            ("04", "行政征收"),
                            ("05", "行政给付"),
                            ("06", "行政检查"),
                            ("07", "行政确认"),
                            ("08", "行政奖励"),
                            ("09", "行政裁决"),
                            ("10", "其他行政权力"),
                            ("20", "公共服务"),
                        ],
                        max_length=2,
                        verbose_name="事项类型",
                    ),
                ),
                (
                    "exercise_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "国家级"),
                            ("2", "省级"),
                            ("3", "市级"),
                            ("4", "县级"),
                            ("5", "镇（乡、街道）级"),
                            ("6", "村（社区）级"),
                            ("7", "分级管理"),
                        ],
                        max_length=1,
                        verbose_name="行使层级",
                    ),
                ),
                (
                    "power_source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("1", "法定本级行使"),
                            ("2", "上级下放"),
                            ("3", "上级授权"),
                            ("4", "同级授权"),
                            ("5", "上级委托"),
                            ("6", "同级委托"),
                        ],
                        max_length=1,
                        verbose_name="权力来源",
                    ),
                ),
                ("entrusting_body", models.CharField(blank=True, max_length=100, verbose_name="委托部门")),
                (
                    "cooperating_bodies",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="联办机构",
                    ),
                ),
                (
                    "service_objects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=1),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="服务对象",
                    ),
                ),
                (
                    "case_type",
                    models.CharField(
                        blank=True,
                        choices=[("instant", "即办件"), ("promised", "承诺件")],
                        max_length=8,
                        verbose_name="办件类型",
                    ),
                ),
                (
                    "touches_public_safety",
                    models.BooleanField(
                        default=False, verbose_name="直接关系公共安全、人身健康、生命财产安全"
                    ),
                ),
                (
                    "acceptance_conditions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="受理条件",
                    ),
                ),
                ("procedure_text", models.TextField(blank=True, verbose_name="办理流程")),
                (
                    "decision_standards",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=500),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="审查标准",
                    ),
                ),
                (
                    "forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=1),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="办理形式",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="办理地点")),
                ("hours", models.CharField(blank=True, max_length=200, verbose_name="办理时间")),
                ("phone", models.CharField(blank=True, max_length=100, verbose_name="咨询方式")),
                (
                    "supervise_phone",
                    models.CharField(blank=True, max_length=100, verbose_name="监督投诉方式"),
                ),
                ("online_url", models.CharField(blank=True, max_length=500, verbose_name="网上办理地址")),
                (
                    "limit_scene_num",
                    models.PositiveSmallIntegerField(
                        help_text="次", null=True, verbose_name="到办事现场次数"
                    ),
                ),
                (
                    "limit_scene_explain",
                    models.CharField(blank=True, max_length=300, verbose_name="必须现场办理原因"),
                ),
                ("handling_area", models.CharField(blank=True, max_length=100, verbose_name="通办范围")),
                (
                    "intermediary_service",
                    models.CharField(blank=True, max_length=200, verbose_name="中介服务"),
                ),
                ("takes_appointments", models.BooleanField(default=False, verbose_name="支持预约办理")),
                ("commitment_quality", models.CharField(blank=True, max_length=300, verbose_name="服务承诺")),
                (
                    "limit_unit",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("second", "秒"),
                            ("minute", "分钟"),
                            ("hour", "小时"),
                            ("working_hour", "个工作小时"),
                            ("working_day", "个工作日"),
                            ("calendar_day", "日（自然日）"),
                            ("month", "个月"),
                            ("year", "年"),
                        ],
                        max_length=12,
                        verbose_name="时限单位",
                    ),
                ),
                (
                    "statutory_amount",
                    models.PositiveIntegerField(
                        help_text="以时限单位计", null=True, verbose_name="法定办结时限"
                    ),
                ),
                (
                    "statutory_law_id",
                    models.CharField(
                        blank=True, help_text="时限库中的编号", max_length=80, verbose_name="法定时限编号"
                    ),
                ),
                (
                    "statutory_citation",
                    models.CharField(blank=True, max_length=200, verbose_name="法定时限依据"),
                ),
                (
                    "promised_amount",
                    models.PositiveIntegerField(
                        help_text="以时限单位计，0 为当场", null=True, verbose_name="承诺办结时限"
                    ),
                ),
                ("fee_charged", models.BooleanField(null=True, verbose_name="是否收费")),
                ("quantity_limit", models.CharField(blank=True, max_length=200, verbose_name="数量限制")),
                ("result_name", models.CharField(blank=True, max_length=200, verbose_name="办理结果名称")),
                ("result_type", models.CharField(blank=True, max_length=50, verbose_name="办理结果类型")),
                ("result_sample_url", models.CharField(blank=True, max_length=500, verbose_name="结果样本")),
                (
                    "delivery_ways",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="送达方式",
                    ),
                ),
                (
                    "deciding_post_code",
                    models.CharField(
                        blank=True, help_text="岗位代码", max_length=64, verbose_name="决定岗位"
                    ),
                ),
                (
                    "extra",
                    models.JSONField(
                        blank=True, default=dict, help_text="国家标准中未单列的要素", verbose_name="其他要素"
                    ),
                ),
                ("edited_at", models.DateTimeField(verbose_name="修改时间")),
            ],
            options={
                "verbose_name": "事项版本",
                "verbose_name_plural": "事项版本",
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("question", models.CharField(max_length=200, verbose_name="问题")),
                ("answer", models.TextField(verbose_name="解答")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="catalogue.itemversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "常见问题",
                "verbose_name_plural": "常见问题",
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="ServiceItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "implementation_code",
                    models.CharField(max_length=80, unique=True, verbose_name="实施编码"),
                ),
                ("basic_code", models.CharField(blank=True, max_length=40, verbose_name="基本编码")),
                ("local_code", models.CharField(blank=True, max_length=80, verbose_name="地方实施编码")),
                (
                    "body_code",
                    models.CharField(
                        db_index=True, help_text="机构代码", max_length=64, verbose_name="实施主体"
                    ),
                ),
                (
                    "division_code",
                    models.CharField(help_text="6 至 12 位数字", max_length=12, verbose_name="行政区划代码"),
                ),
                (
                    "source",
                    models.CharField(help_text="pack:… 或 import:…", max_length=200, verbose_name="来源"),
                ),
                (
                    "source_body_code",
                    models.CharField(blank=True, max_length=64, verbose_name="来源机构代码"),
                ),
                ("source_url", models.CharField(blank=True, max_length=1000, verbose_name="来源网址")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
            ],
            options={
                "verbose_name": "政务服务事项",
                "verbose_name_plural": "政务服务事项",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("implementation_code__regex", "^[0-9A-Za-z][0-9A-Za-z_.-]{3,79}$")
                        ),
                        name="item_code_is_a_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("division_code__regex", "^[0-9]{6,12}$")),
                        name="item_division_is_digits",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="itemversion",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="catalogue.serviceitem",
            ),
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=60, verbose_name="别名")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="catalogue.serviceitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "事项别名",
                "verbose_name_plural": "事项别名",
                "ordering": ("position", "id"),
            },
        ),
        migrations.CreateModel(
            name="SourceBody",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=64, unique=True, verbose_name="机构代码")),
                ("name", models.CharField(max_length=120, verbose_name="机构名称")),
                (
                    "division_code",
                    models.CharField(help_text="6 至 12 位数字", max_length=12, verbose_name="行政区划代码"),
                ),
                (
                    "source_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        default=list,
                        size=None,
                        verbose_name="来源中的部门代码",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="来源")),
            ],
            options={
                "verbose_name": "来源机构",
                "verbose_name_plural": "来源机构",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("division_code", "name"), name="source_body_once_per_division"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="catalogue.itemversion",
                    ),
                ),
                ("is_latest", models.BooleanField(verbose_name="是否最新版本")),
                ("text", models.TextField(help_text="名称、别名，去掉标点", verbose_name="检索文字")),
                ("initials", models.CharField(max_length=400, verbose_name="拼音首字母")),
                (
                    "name_bigrams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), size=None, verbose_name="名称二字词"
                    ),
                ),
                (
                    "alias_bigrams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), size=None, verbose_name="别名二字词"
                    ),
                ),
                (
                    "other_bigrams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), size=None, verbose_name="其他二字词"
                    ),
                ),
                (
                    "bigrams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), size=None, verbose_name="全部二字词"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="catalogue.serviceitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "检索条目",
                "verbose_name_plural": "检索条目",
            },
        ),
        migrations.CreateModel(
            name="Fee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("key", models.CharField(max_length=40, verbose_name="键")),
                ("name", models.CharField(max_length=100, verbose_name="收费项目")),
                ("standard_text", models.CharField(max_length=300, verbose_name="收费标准")),
                (
                    "amount_fen",
                    models.PositiveBigIntegerField(
                        help_text="分；按标准计算的为空", null=True, verbose_name="定额"
                    ),
                ),
                ("basis", models.CharField(max_length=300, verbose_name="收费依据")),
                ("waiver", models.CharField(blank=True, max_length=300, verbose_name="减免规定")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fees",
                        to="catalogue.itemversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "收费项目",
                "verbose_name_plural": "收费项目",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("version", "key"), name="fee_key_once_per_version"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", ""), _negated=True),
                            models.Q(("standard_text", ""), _negated=True),
                        ),
                        name="fee_has_standard_and_basis",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("instrument", models.CharField(max_length=100, verbose_name="法律法规名称")),
                (
                    "article",
                    models.CharField(help_text="例：第三十五条第一款", max_length=60, verbose_name="条款"),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("law", "法律"),
                            ("regulation", "行政法规"),
                            ("council_decision", "国务院决定"),
                            ("local_regulation", "地方性法规"),
                            ("provincial_rule", "省级政府规章"),
                            ("department_rule", "部门规章"),
                            ("rule_document", "规范性文件"),
                        ],
                        max_length=20,
                        verbose_name="层级",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="条文")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bases",
                        to="catalogue.itemversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "设定依据",
                "verbose_name_plural": "设定依据",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "instrument", "article"), name="basis_once_per_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("instrument", ""), _negated=True),
                            models.Q(("article", ""), _negated=True),
                        ),
                        name="basis_names_an_article",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RequiredMaterial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("key", models.CharField(max_length=40, verbose_name="键")),
                ("name", models.CharField(max_length=200, verbose_name="材料名称")),
                (
                    "necessity",
                    models.CharField(
                        choices=[("required", "必要"), ("optional", "非必要"), ("deferrable", "容缺后补")],
                        max_length=10,
                        verbose_name="必要性",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("certificate", "证件证书证明"),
                            ("form", "申请表格文书"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="材料类型",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("paper", "纸质"), ("electronic", "电子化"), ("both", "纸质或电子化")],
                        max_length=12,
                        verbose_name="材料形式",
                    ),
                ),
                (
                    "originals",
                    models.PositiveSmallIntegerField(default=1, help_text="份", verbose_name="原件份数"),
                ),
                (
                    "copies",
                    models.PositiveSmallIntegerField(default=0, help_text="份", verbose_name="复印件份数"),
                ),
                ("accept_standard", models.CharField(blank=True, max_length=500, verbose_name="受理标准")),
                ("fill_notes", models.CharField(blank=True, max_length=500, verbose_name="填报须知")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="来源渠道")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="要求依据")),
                ("sample_url", models.CharField(blank=True, max_length=500, verbose_name="示例样表")),
                ("blank_url", models.CharField(blank=True, max_length=500, verbose_name="空白表格")),
                ("example", models.TextField(blank=True, verbose_name="示例文字")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="materials",
                        to="catalogue.itemversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "申请材料",
                "verbose_name_plural": "申请材料",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("version", "key"), name="material_key_once_per_version"),
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z][a-z0-9_]{0,39}$")),
                        name="material_key_is_a_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("originals__gt", 0), ("copies__gt", 0), _connector="OR"),
                        name="material_is_some_paper",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RouteStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("key", models.CharField(max_length=40, verbose_name="键")),
                ("name", models.CharField(max_length=60, verbose_name="环节名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("review", "审查"),
                            ("opinion", "出具意见"),
                            ("site_check", "现场核查"),
                            ("expert_review", "专家评审"),
                        ],
                        max_length=16,
                        verbose_name="环节种类",
                    ),
                ),
                ("task", models.CharField(max_length=300, verbose_name="工作任务")),
                ("standard", models.CharField(max_length=500, verbose_name="办理标准")),
                ("condition", models.CharField(blank=True, max_length=300, verbose_name="办理条件")),
                ("post_code", models.CharField(help_text="岗位代码", max_length=64, verbose_name="责任岗位")),
                (
                    "limit_days",
                    models.PositiveSmallIntegerField(help_text="工作日，0 为当日", verbose_name="环节时限"),
                ),
                (
                    "officers",
                    models.PositiveSmallIntegerField(default=1, help_text="人", verbose_name="参加人数"),
                ),
                (
                    "after",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="前序环节",
                    ),
                ),
                (
                    "documents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="形成文书",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="catalogue.itemversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "办理环节",
                "verbose_name_plural": "办理环节",
                "ordering": ("position",),
                "constraints": [
                    models.UniqueConstraint(fields=("version", "key"), name="step_key_once_per_version"),
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z][a-z0-9_]{0,39}$")), name="step_key_is_a_key"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "site_check"), _negated=True),
                            ("officers__gte", 2),
                            _connector="OR",
                        ),
                        name="site_check_by_two_officers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("officers__gte", 1)), name="step_is_done_by_somebody"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=models.UniqueConstraint(
                fields=("item", "version_no"), name="version_no_once_per_item"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("item",), name="one_draft_per_item"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state", "draft"), _negated=True),
                expressions=[("item", "="), ("validity", "&&")],
                name="published_versions_never_overlap",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("statutory_amount", None),
                    ("promised_amount", None),
                    ("promised_amount__lte", models.F("statutory_amount")),
                    _connector="OR",
                ),
                name="promise_within_the_statutory_limit",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("limit_unit", ""), _negated=True),
                    models.Q(("promised_amount", None), ("statutory_amount", None)),
                    _connector="OR",
                ),
                name="limits_have_a_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at", None), ("state", "draft"), ("validity", None)),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True),
                        ("published_at__isnull", False),
                        ("validity__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="only_published_versions_are_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"),
                    models.Q(
                        ("promised_amount__isnull", False),
                        models.Q(("case_type", ""), _negated=True),
                        models.Q(("deciding_post_code", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="published_versions_are_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.UniqueConstraint(fields=("item", "text"), name="alias_once_per_item"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["bigrams"], name="search_bigrams"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["text"], name="search_trigrams", opclasses=("gin_trgm_ops",)
            ),
        ),
    ]
