"""Appointments: listed, made, ended (rule 5)."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, UploadFile

from api.deps import SignedIn
from api.paths import described
from api.schemas.accounts import (
    AppointmentIn,
    AppointmentOut,
    EndIn,
    appointment_out,
)
from api.state import WithDesk
from review import clock
from review.service.people import appointments as people
from review.service.people import people_list

router: Final = APIRouter(prefix="/appointments", tags=["任命"])

Known = Annotated[
    str,
    Path(pattern=r"^任\d{4,6}$", description="任命编号", examples=["任0004"]),
]


@router.get("", summary="全部任命", responses=described(403))
def every(signed: SignedIn, desk: WithDesk) -> tuple[AppointmentOut, ...]:
    """从前到后，已终止的也在内。"""
    today = clock.china_date(desk.now())
    found = people.see_appointments(desk, person=signed.person)
    return tuple(appointment_out(one, today=today) for one in found)


@router.post("", status_code=201, summary="任命", responses=described(403, 409))
def appoint(said: AppointmentIn, signed: SignedIn, desk: WithDesk) -> AppointmentOut:
    """由安全管理员办理，不能任命自己。"""
    made = people.appoint(desk, said.wanted, person=signed.person)
    return appointment_out(made, today=clock.china_date(desk.now()))


@router.post(
    "/import",
    status_code=201,
    summary="从人员表任命",
    responses=described(403, 409, 413),
)
def import_list(
    sheet: UploadFile, signed: SignedIn, desk: WithDesk
) -> tuple[AppointmentOut, ...]:
    """任命表里填了岗位的人；有一行不对就都不任命。"""
    made = people_list.import_appointments(
        desk, sheet.file.read(), person=signed.person
    )
    today = clock.china_date(desk.now())
    return tuple(appointment_out(one, today=today) for one in made)


@router.post(
    "/{appointment}/end", summary="免去任命", responses=described(403, 404, 409)
)
def end(
    appointment: Known, said: EndIn, signed: SignedIn, desk: WithDesk
) -> AppointmentOut:
    """由安全管理员办理；从写明的那天起不再任职。"""
    ended = people.end_appointment(
        desk,
        appointment,
        ended_on=said.ended_on,
        reason=said.reason,
        person=signed.person,
    )
    return appointment_out(ended, today=clock.china_date(desk.now()))
