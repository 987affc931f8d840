"""What a learner can check at home: one request of each kind."""

import json

from grader import task

GOOD = {"carrier": "UA", "origin": "EWR", "dest": "IAH", "minute": 317, "distance": 1400}
GOOD |= {"temp_c": 4.0, "wind_mph": 12.5}


def client(submission, bundle=None):
    """Return a client of an app whose model says 0.3, and 0.23 without weather."""
    usual = {"version": "v7", "carriers": ["AA", "UA"]}
    usual |= {"predict": lambda record: 0.3, "fallback": lambda record: 0.23}
    app = submission.build_app(bundle or usual)
    testing = submission.library("fastapi.testclient")
    return testing.TestClient(app, raise_server_exceptions=False)


def send(app, **changed):
    """Send the good request with some fields changed, written as Python writes JSON."""
    body = json.dumps({**GOOD, **changed})  # NaN comes out as NaN
    return app.post("/predict", content=body, headers={"content-type": "application/json"})


@task("build_app")
def test_a_good_request_is_answered(submission):
    """A request as it should be gets 200, the model's chance, the version and no flags."""
    answer = send(client(submission))

    assert answer.status_code == 200, f"status {answer.status_code}: {answer.text}"
    expected = {"chance": 0.3, "version": "v7", "flags": []}
    assert answer.json() == expected, f"the answer is {answer.json()}"


@task("build_app")
def test_health_names_the_version(submission):
    """GET /health answers 200 and names the version."""
    answer = client(submission).get("/health")

    assert answer.status_code == 200, f"status {answer.status_code}"
    assert answer.json() == {"status": "ok", "version": "v7"}, f"the answer is {answer.json()}"


@task("build_app")
def test_nan_is_the_clients_fault(submission):
    """A NaN gets 422, not 500, and an answer that is JSON."""
    answer = send(client(submission), temp_c=float("nan"))

    assert answer.status_code == 422, f"temp_c NaN: status {answer.status_code}"
    named = [fault["loc"][-1] for fault in answer.json()["detail"]]
    assert named == ["temp_c"], f"the faults are in {named}"


@task("build_app")
def test_a_fahrenheit_day_is_refused(submission):
    """90 degrees Celsius is no weather: 422."""
    status = send(client(submission), temp_c=90).status_code

    assert status == 422, f"temp_c 90: status {status}"


@task("build_app")
def test_a_new_airline_is_answered_and_flagged(submission):
    """A carrier that the model does not know gets 200 and a flag."""
    answer = send(client(submission), carrier="YX")

    assert answer.status_code == 200, f"status {answer.status_code}: {answer.text}"
    assert answer.json()["flags"] == ["unknown_carrier"], f"flags {answer.json()['flags']}"


@task("build_app")
def test_without_weather_the_fallback_answers(submission):
    """Without weather the fallback's chance is answered, with a flag."""
    answer = send(client(submission), temp_c=None, wind_mph=None)

    assert answer.status_code == 200, f"status {answer.status_code}: {answer.text}"
    assert answer.json() == {"chance": 0.23, "version": "v7", "flags": ["no_weather"]}, (
        f"the answer is {answer.json()}"
    )
