"""`xianshen case`: the whole journey of one item on the command line."""

import typer

from review.cli import (
    case_decide,
    case_hand_in,
    case_look,
    case_paper,
    case_publish,
    case_review,
)

case = typer.Typer(
    help="审查件：送审、初审、终审、许可、登记、表单", no_args_is_help=True
)

case.command("submit")(case_hand_in.submit)
case.command("resubmit")(case_hand_in.resubmit)
case.command("scan")(case_hand_in.scan)
case.command("withdraw")(case_hand_in.withdraw)
case.command("list")(case_look.show_list)
case.command("show")(case_look.show)
case.command("history")(case_look.history)
case.command("diff")(case_look.diff)
case.command("acknowledge")(case_review.acknowledge)
case.command("dispose")(case_review.dispose)
case.command("add-finding")(case_review.add_finding)
case.command("conclude")(case_review.conclude)
case.command("endorse")(case_review.endorse)
case.command("finish")(case_decide.finish)
case.command("sign-off")(case_decide.sign_off)
case.command("refer")(case_decide.refer)
case.command("answer")(case_decide.answer)
case.command("lead")(case_decide.lead)
case.command("revoke")(case_decide.revoke)
case.command("judge-incident")(case_decide.judge_incident)
case.command("report-incident")(case_decide.report_incident)
case.command("clearance")(case_publish.clearance)
case.command("keys")(case_publish.keys)
case.command("revocations")(case_publish.revocations)
case.command("compare")(case_publish.compare)
case.command("publish")(case_publish.record)
case.command("tidy")(case_publish.tidy)
case.command("form")(case_paper.form)
case.command("incident-form")(case_paper.incident_form)
case.command("letter")(case_paper.letter)
case.command("release")(case_paper.release)
case.command("register")(case_paper.register)
case.command("monthly")(case_paper.monthly)
case.command("yearly")(case_paper.yearly)
