"""The lint names what no example needs, and nothing else."""

from __future__ import annotations

from analyzer.signals.examples import results_of
from analyzer.signals.lint import unnoticed
from analyzer.signals.loader import parse_rules
from analyzer.signals.schema import Rules

TEXT = """
format = 1
[lists]
verbs = ['stop', 'kill', 'mask']

[[signal]]
id = "stopped"
topic = "web"
title = "t"
reason = "r"
question = "q"
false-positives = ["f"]
cooldown = "1m"

[[signal.when]]
command.program = ["systemctl"]
command.verb = ["@verbs"]
command.arguments = ["apache2"]
failed = ['^Odd words']

[[signal.example]]
title = "stopped"
tags = 1
outcome = "ok"
transcript = "root@web01:~# systemctl stop apache2\\nroot@web01:~#"

[[signal.example]]
title = "killed"
tags = 1
transcript = "root@web01:~# systemctl kill apache2\\nroot@web01:~#"

[[signal.example]]
title = "another"
tags = 0
transcript = '''
root@web01:~# systemctl stop nginx
root@web01:~# service stop apache2
root@web01:~#
'''

[[signal.example]]
title = "started"
tags = 0
transcript = "root@web01:~# systemctl start apache2\\nroot@web01:~#"
"""


def _lint(rules: Rules) -> list[str]:
    return [name for names in unnoticed(rules, ["stopped"], jobs=1) for name in names]


def test_each_clause_that_no_example_needs_is_named() -> None:
    rules = parse_rules(TEXT, "x.toml")
    assert _lint(rules) == [
        "stopped: when[0].failed",
        "stopped: cooldown",
        "lists.verbs: [2]",
    ]


def test_a_list_that_nothing_uses_is_named() -> None:
    rules = parse_rules(TEXT.replace("[lists]", "[lists]\nidle = ['x']"), "x.toml")
    assert "lists.idle: nothing uses it" in _lint(rules)


def test_an_example_that_gives_other_tags_is_told_of() -> None:
    wrong = TEXT.replace('title = "killed"\ntags = 1', 'title = "killed"\ntags = 2')
    rules = parse_rules(wrong, "x.toml")
    ((*results,),) = results_of(rules, ["stopped"], jobs=1)
    assert [result.title for result in results if result.fault] == ["killed"]
