"""What decides the points of build_app; never shipped."""

import json
from dataclasses import dataclass

import pytest

from grader import task

PLACE = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "minute": 317, "distance": 1400}
GOOD = {**PLACE, "temp_c": 4.0, "wind_mph": 12.5}
JSON = {"content-type": "application/json"}


class Model:
    """A bundle that remembers what its functions were asked."""

    def __init__(self, version="2013-10-01", carriers=("AA", "B6", "UA", "9E")):
        self.asked = []
        self.version, self.carriers = version, list(carriers)

    def bundle(self):
        asked = self.asked

        def predict(record):
            asked.append(("predict", record))
            return record["distance"] / 10_000

        def fallback(record):
            asked.append(("fallback", record))
            return record["distance"] / 20_000

        both = {"predict": predict, "fallback": fallback}
        return {"version": self.version, "carriers": self.carriers, **both}

    def said(self, chance, *flags):
        """Return the answer that an app for this bundle gives."""
        return {"chance": chance, "version": self.version, "flags": list(flags)}


@dataclass
class Answer:
    status_code: int
    text: str

    def json(self):
        return json.loads(self.text, parse_constant=no_constant)


def no_constant(name):
    raise AssertionError(f"{name} is not JSON")


class Service:
    """Ask an app over HTTP; only texts and numbers leave the learner's process."""

    def __init__(self, submission, model):
        testing = submission.library("fastapi.testclient")
        app = submission.build_app(model.bundle())
        self.client = testing.TestClient(app, raise_server_exceptions=False)
        self.post = self.client.post
        self.read = submission.library("operator").attrgetter("status_code", "text")

    def send_text(self, body):
        return Answer(*self.read(self.post("/predict", content=body, headers=JSON)))

    def send(self, record):
        return self.send_text(json.dumps(record))

    def health(self):
        return Answer(*self.read(self.client.get("/health")))


def check_refused(reply, *fields):
    """Assert a refusal that is JSON to the letter and names the fields."""
    assert reply.status_code == 422
    assert {fault["loc"][-1] for fault in reply.json()["detail"]} == set(fields)


def answered(reply):
    """Return what the answer to a good request says."""
    assert reply.status_code == 200
    return reply.json()


@task("build_app", weight=3)
def test_what_is_no_number_is_the_clients_fault(submission):
    """NaN, Infinity and numbers too large for a float are refused with 422 in any numeric field,
    and the answer is JSON that names the field."""
    model = Model()
    app = Service(submission, model)
    numbers = {"minute": ["NaN"], "distance": ["NaN", "Infinity"], "wind_mph": ["NaN", "Infinity"]}
    for field, texts in {**numbers, "temp_c": ["NaN", "-Infinity", "1e999"]}.items():
        for text in texts:
            body = json.dumps({**GOOD, field: "?"}).replace('"?"', text)
            check_refused(app.send_text(body), field)
    assert model.asked == []
    assert app.send(GOOD).status_code == 200


@task("build_app", weight=2)
def test_out_of_range_is_refused(submission):
    """What lies outside a field's range is refused, just outside as well, and the field is
    named."""
    app = Service(submission, Model())
    beyond = {"minute": [-1, 1440], "distance": [0, 6000.5]}
    beyond |= {"temp_c": [-40.5, 50.5], "wind_mph": [-0.5, 150.5]}
    for field, values in beyond.items():
        for value in values:
            check_refused(app.send({**GOOD, field: value}), field)


@task("build_app")
def test_the_edges_are_inside(submission):
    """The smallest and the largest allowed value of each field are answered."""
    app = Service(submission, Model())
    smallest = {"minute": 0, "distance": 0.5, "temp_c": -40, "wind_mph": 0}
    largest = {"minute": 1439, "distance": 6000, "temp_c": 50, "wind_mph": 150}
    for inside in (smallest, largest, {"temp_c": 0}):
        answer = app.send({**GOOD, **inside})
        assert answered(answer)["flags"] == []


@task("build_app", weight=2)
def test_types_are_not_guessed(submission):
    """A number written as text, true or false for a number, half a minute, and a number for a text
    are refused."""
    app = Service(submission, Model())
    wrong = [("minute", "317"), ("minute", True), ("minute", 317.5), ("distance", "1400")]
    wrong += [("temp_c", "4.0"), ("temp_c", False), ("wind_mph", True), ("carrier", 99)]
    for field, value in wrong:
        check_refused(app.send({**GOOD, field: value}), field)


@task("build_app", weight=2)
def test_fields_that_nobody_asked_for_are_refused(submission):
    """A field that is not in the table is refused and named: it is a misspelled one, or a client
    with another idea of the service."""
    app = Service(submission, Model())

    check_refused(app.send({**GOOD, "temp_f": 39.2}), "temp_f")
    check_refused(app.send({**PLACE, "temp": 4.0, "wind_mph": 3.0}), "temp")


@task("build_app")
def test_what_is_needed_must_be_there(submission):
    """Every field but the weather must be there, and not null."""
    app = Service(submission, Model())

    check_refused(app.send({}), *PLACE)
    check_refused(app.send(dict.fromkeys(PLACE)), *PLACE)
    check_refused(app.send({**PLACE, "dest": None}), "dest")


@task("build_app")
def test_texts_have_their_form(submission):
    """Airports and carriers that are not formed as the table says are refused."""
    app = Service(submission, Model())
    forms = [("SFO", "U", "IA"), ("ewr", "UAL", "IAHX"), ("", "ua", "iah"), ("LGA ", "U-", "IA1")]
    for origin, carrier, dest in forms:
        bad = {"origin": origin, "carrier": carrier, "dest": dest}
        check_refused(app.send({**GOOD, **bad}), *bad)


@task("build_app")
def test_a_body_that_is_no_object_is_refused(submission):
    """A body that is not JSON, or JSON but no object, gets 422."""
    app = Service(submission, Model())
    for body in ("", '{"carrier": ', "[]", "3"):
        assert app.send_text(body).status_code == 422


@task("build_app")
def test_every_fault_is_named(submission):
    """A request with several faults hears of all of them at once."""
    bad = {**GOOD, "origin": "SFO", "minute": -1, "temp_c": float("nan"), "note": "x"}

    answer = Service(submission, Model()).send(bad)

    check_refused(answer, "origin", "minute", "temp_c", "note")


@task("build_app", weight=2)
def test_the_model_gets_what_was_sent(submission):
    """For a good request, predict is asked once, with exactly the request's fields and values, and
    its chance is answered."""
    model = Model()
    sent = {**GOOD, "carrier": "9E", "minute": 0, "distance": 733.5, "temp_c": -7, "wind_mph": 0}

    answer = Service(submission, model).send(sent)

    assert answered(answer) == model.said(0.07335)
    assert model.asked == [("predict", sent)]


@task("build_app", weight=2)
def test_an_unknown_carrier_is_answered(submission):
    """A carrier that the bundle does not know is answered with 200 and a flag, and the record says
    None for it."""
    model = Model(carriers=["UA", "DL"])
    app = Service(submission, model)

    answer = app.send({**GOOD, "carrier": "AA"})

    assert answered(answer) == model.said(0.14, "unknown_carrier")
    assert model.asked == [("predict", {**GOOD, "carrier": None})]
    assert app.send({**GOOD, "carrier": "DL"}).json()["flags"] == []


@task("build_app", weight=2)
def test_without_weather_the_fallback_is_asked(submission):
    """If one of the two weather fields is null or absent, the fallback is asked, without weather,
    and the answer is flagged."""
    model = Model()
    app = Service(submission, model)
    none = {"temp_c": None, "wind_mph": None}
    halves = [{"temp_c": 4.0}, {"wind_mph": 0}, {"temp_c": 0, "wind_mph": None}]
    for weather in ({}, none, *halves, {**none, "wind_mph": 12.5}):
        answer = app.send({**PLACE, **weather})

        assert answered(answer) == model.said(0.07, "no_weather")
        assert model.asked.pop() == ("fallback", PLACE)
        assert model.asked == []


@task("build_app")
def test_both_flags_in_their_order(submission):
    """An unknown carrier without weather gets both flags, in alphabetical order."""
    model = Model()

    answer = Service(submission, model).send({**PLACE, "carrier": "YX"})

    assert answer.json()["flags"] == ["no_weather", "unknown_carrier"]
    assert model.asked == [("fallback", {**PLACE, "carrier": None})]


@task("build_app")
def test_half_good_weather_is_still_checked(submission):
    """A weather field that is there must be in range, also when the other one is absent."""
    model = Model()
    app = Service(submission, model)

    check_refused(app.send({**PLACE, "temp_c": 90}), "temp_c")
    check_refused(app.send({**PLACE, "wind_mph": -1}), "wind_mph")
    assert model.asked == []


@task("build_app", weight=2)
def test_requests_do_not_remember(submission):
    """An answer depends on its own request alone, whatever was asked before it."""
    app = Service(submission, Model())
    requests = [GOOD, PLACE, {**GOOD, "carrier": "YX"}, {**GOOD, "minute": 1440}, GOOD, PLACE]

    first = [app.send(request).text for request in requests]
    again = [app.send(request).text for request in requests[::-1]][::-1]

    assert again == first
    flags = [json.loads(text).get("flags") for text in first]
    assert flags == [[], ["no_weather"], ["unknown_carrier"], None, [], ["no_weather"]]


@task("build_app", weight=2)
def test_requests_at_the_same_time_do_not_mix(submission):
    """Requests that are answered at the same time get the answers that they get alone."""
    app = Service(submission, Model())
    requests = [
        {**(GOOD if n % 3 else PLACE), "distance": 100 + n, "carrier": ("UA", "YX")[n % 2]}
        for n in range(12)
    ]
    partial = submission.library("functools").partial
    asking = [partial(app.post, "/predict", json=request) for request in requests]

    # One call that returns when all is done: only one thread may talk across the wall.
    pool = submission.library("multiprocessing.pool").ThreadPool(4)
    answers = pool.map(submission.library("operator").call, asking)

    for request, answer in zip(requests, answers):
        whole = 10_000 if "temp_c" in request else 20_000
        flags = ["no_weather"] * ("temp_c" not in request)
        flags += ["unknown_carrier"] * (request["carrier"] == "YX")
        body = answer.json()
        assert body["flags"] == flags
        assert body["chance"] == pytest.approx(request["distance"] / whole)


@task("build_app", weight=2)
def test_two_apps_have_two_bundles(submission):
    """Each app answers for the bundle that it was built with, also after another was built."""
    old, new = Model("old", ["UA"]), Model("new", ["DL"])
    first, second = Service(submission, old), Service(submission, new)

    for app, version, flags in ((first, "old", []), (second, "new", ["unknown_carrier"])):
        answer = app.send(GOOD).json()
        assert (answer["version"], answer["flags"]) == (version, flags)
        assert app.health().json()["version"] == version
    assert (len(old.asked), len(new.asked)) == (1, 1)


@task("build_app")
def test_health_asks_no_model(submission):
    """/health answers 200, names the bundle's version, and asks neither function."""
    model = Model("2023-04-01.2")

    answer = Service(submission, model).health()

    assert answered(answer) == {"status": "ok", "version": "2023-04-01.2"}
    assert model.asked == []


@task("build_app")
def test_many_bad_requests_and_a_good_one(submission):
    """After any number of bad requests the app answers as before."""
    model = Model()
    app = Service(submission, model)
    before = app.send(GOOD).text
    for n in range(4):
        assert app.send({**GOOD, "temp_c": 51 + n}).status_code == 422
        assert app.send({**GOOD, "distance": float("inf")}).status_code == 422
        assert app.send_text("{" * n).status_code == 422

    assert app.send(GOOD).text == before
    assert len(model.asked) == 2
