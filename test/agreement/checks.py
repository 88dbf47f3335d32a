"""checks: what other tools' checks mean in rules of ours, where the rules' same-as numbers don't say it.

MEANING: their check → {our rule: names of its checks that mean it, or [] for all}. It overrides same-as,
which names the rules that come nearest and may demand more.
NOT_OURS: their check → why no rule of ours is compared.
PARAMETERS: file → values that its label supposes.
"""

MEANING = {
}

NOT_OURS = {
}

PARAMETERS = {
}
