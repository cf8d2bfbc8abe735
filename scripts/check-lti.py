"""Launches PyLTI1p3's tool from the demonstration as a trainee, lets it pick, score and list, and reports to it as another system; see scripts/check-lti."""
import base64, datetime, html, http.server, json, re, sys, threading, time, urllib.parse, uuid
import jwt.api_jwt
import pylti1p3.deep_link, pylti1p3.service_connector
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pylti1p3.cookie import CookieService
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.exception import LtiException, LtiServiceException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config import ToolConfDict

site = sys.argv[1]
wrong = []
page = "/clusters/necles/education"


def expect(what, holds, detail=""):
    print(f"{'ok   ' if holds else 'WRONG'} {what}{': ' + str(detail) if detail else ''}")
    if not holds:
        wrong.append(what)


# --- The tool: PyLTI1p3 over the standard library's server, its state in memory ---
class ToolRequest(Request):
    kept, cookies = {}, {}

    def __init__(self, params):
        self.params = params

    session = property(lambda self: ToolRequest.kept)

    def is_secure(self):
        return False

    def get_param(self, key):
        return self.params.get(key)


class Cookies(CookieService):
    def get_cookie(self, name):
        return ToolRequest.cookies.get(name)

    def set_cookie(self, name, value, exp=3600):
        ToolRequest.cookies[name] = value


class To(Redirect):
    def __init__(self, url):
        self.url = url

    def do_redirect(self):
        return self.url

    do_js_redirect = get_redirect_url = do_redirect

    def set_redirect_url(self, location):
        self.url = location


class Login(OIDCLogin):
    def get_redirect(self, url):
        return To(url)


class ToolLaunch(MessageLaunch):
    def _get_request_param(self, key):
        return self._request.get_param(key)


config = None


def opened(params):
    """A launch as the tool's library holds it, once it has judged it."""
    request = ToolRequest(params)
    launch = ToolLaunch(request, config, SessionService(request), Cookies())
    launch.get_launch_data()
    return launch


def judged(params):
    """What the tool reads out of a launch once it has judged it."""
    return opened(params).get_launch_data()


class Tool(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked = urllib.parse.urlsplit(self.path)
        request = ToolRequest(dict(urllib.parse.parse_qsl(asked.query)))
        to = Login(request, config, SessionService(request), Cookies()).redirect(f"{tool}/launch")
        self.send_response(302)
        self.send_header("location", to)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Tool)
tool = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()


# --- People of the demonstration ---
def look_as(person):
    browser = requests.Session()
    browser.post(f"{site}/demo/look-as", data={"person": person}).raise_for_status()
    return browser


def data(browser, path):
    answer = browser.get(site + path, headers={"accept": "application/json"})
    answer.raise_for_status()
    return answer.json()


# The tool's own pair of keys.
pair = rsa.generate_private_key(public_exponent=65537, key_size=2048)
pem = lambda key: key.decode()
private = pem(pair.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
public = pem(pair.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))

lead, trainee, other = look_as("education-lead"), look_as("trainee-1"), look_as("trainee-2")
name = f"Judge {uuid.uuid4().hex[:6]}"
activity = f"{tool}/reading/{uuid.uuid4().hex[:6]}"
lead.post(f"{site}{page}/learning-tools", data={"name": name, "login_url": f"{tool}/login", "redirect_urls": f"{tool}/launch"}).raise_for_status()
seen = data(lead, f"{page}/learning-tools")
made = next(one for one in seen["tools"] if one["name"] == name)
course = data(lead, f"{page}/courses")["courses"][0]["key"]
part = {"kind": "material", "title": name, "minutes": "30", "tool": made["id"], "target_url": f"{tool}/reading", "activity": activity}
lead.post(f"{site}{page}/courses/{course}/parts", data=part).raise_for_status()
part = next(one for one in data(trainee, f"{page}/courses/{course}")["parts"] if one["title"] == name)["id"]
config = ToolConfDict({seen["issuer"]: {
    "client_id": made["client_id"], "auth_login_url": f"{site}/lti/authorize", "auth_token_url": f"{seen['issuer']}/lti/token",
    "key_set_url": f"{site}/lti/jwks", "deployment_ids": [made["deployment_id"]],
}})
config.set_private_key(seen["issuer"], private)
config.set_public_key(seen["issuer"], public)
agreement = lambda **more: lead.post(f"{site}{page}/learning-tools/{made['id']}/agreement", data={
    "keys": json.dumps(config.get_jwks(seen["issuer"])), "choosing_url": f"{tool}/pick", **more}).raise_for_status()
agreement()
reporting = lead.post(f"{site}{page}/learning-tools/providers", data={"provider_name": name}, headers={"accept": "application/json"}).json()
xapi = requests.Session()
xapi.auth, xapi.headers["x-experience-api-version"] = (reporting["key"], reporting["secret"]), "1.0.3"

# The demonstration stands in another year: the tool's clock is set to it, and then runs as it does.
then = xapi.get(f"{site}/xapi/statements").headers["x-experience-api-consistent-through"]
ahead = datetime.datetime.fromisoformat(then.replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + ahead


class Time:
    """The tool's time.time(), set the same way; the rest of the module as it is."""

    time = staticmethod(lambda: time.time() + ahead.total_seconds())


jwt.api_jwt.datetime = Clock
pylti1p3.service_connector.time = pylti1p3.deep_link.time = Time


# --- A launch, as the browser does it ---
def launch(browser):
    """The form the platform sends the browser on with; or the page that says why not."""
    begun = browser.post(f"{site}{page}/courses/{course}/parts/{part}/launch", headers={"accept": "application/json"}).json()
    back = requests.get(begun["login"], allow_redirects=False).headers["location"]
    return back, browser.get(back)


def form(answer):
    fields = re.findall(r'name="(id_token|state)" value="([^"]*)"', answer.text)
    return {key: html.unescape(value) for key, value in fields}


back, answer = launch(trainee)
fields = form(answer)
read = judged(fields)
claim = "https://purl.imsglobal.org/spec/lti/claim/"
expect("the tool takes the launch", read[claim + "message_type"] == "LtiResourceLinkRequest", read[claim + "resource_link"])
expect("it is told a number and no name", "sub" in read and not {"name", "email", "given_name"} & set(read), read["sub"])
expect("it is opened in a window", read[claim + "launch_presentation"]["document_target"] == "window")
head, body, signature = fields["id_token"].split(".")
padded = lambda text: text + "=" * (-len(text) % 4)
claims = {**json.loads(base64.urlsafe_b64decode(padded(body))), "sub": "somebody-else"}
changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
for what, params in [
    ("a changed token", {**fields, "id_token": f"{head}.{changed}.{signature}"}),
    ("a state of another launch", {**fields, "state": "state-of-another"}),
]:
    try:
        judged(params)
        expect(f"the tool refuses {what}", False)
    except (LtiException, ValueError) as why:
        expect(f"the tool refuses {what}", True, why)
ahead += datetime.timedelta(minutes=6)
try:
    judged(fields)
    expect("the tool refuses a token six minutes old", False)
except LtiException as why:
    expect("the tool refuses a token six minutes old", True, why)
ahead -= datetime.timedelta(minutes=6)
expect("the platform answers a launch once", trainee.get(back).status_code == 422)
back, _ = launch(other)
expect("another person's launch is not answered", trainee.get(back).status_code == 422)

# --- The same by a form of the tool's page (a browser says where it comes from) ---
begun = trainee.post(f"{site}{page}/courses/{course}/parts/{part}/launch", headers={"accept": "application/json"}).json()
asked = urllib.parse.urlsplit(requests.get(begun["login"], allow_redirects=False).headers["location"]).query
foreign = {"origin": tool, "sec-fetch-site": "cross-site", "content-type": "application/x-www-form-urlencoded"}
sent = trainee.post(f"{site}/lti/authorize", data=asked, headers=foreign, allow_redirects=False)
expect("a form of the tool's page is sent on to be asked by its address", sent.status_code == 303 and "id_token" not in sent.text)
by_form = opened(form(trainee.get(urllib.parse.urljoin(site, sent.headers["location"]))))
expect("the tool takes the launch that was asked for by a form", by_form.get_launch_data()["sub"] == read["sub"])
elsewhere = trainee.post(f"{site}{page}/courses/{course}/parts/{part}/launch", headers=foreign)
expect("no other address takes a foreign form", elsewhere.status_code == 403, elsewhere.status_code)

# --- Assignment and Grade Services: the tool asks for a token itself and scores ---
done = lambda: part in data(trainee, f"{page}/courses/{course}")["done"]
now = lambda more=0: (datetime.datetime.now(datetime.timezone.utc) + ahead + datetime.timedelta(seconds=more)).isoformat()
grades = by_form.get_ags()


def grade(points, activity, grading, more=0):
    return Grade().set_user_id(read["sub"]).set_score_given(points).set_score_maximum(10).set_comment("From the judge") \
        .set_timestamp(now(more)).set_activity_progress(activity).set_grading_progress(grading)


expect("nothing is done before it is scored", not done())
grades.put_grade(grade(3, "InProgress", "Pending"))
expect("a score under way completes nothing", not done())
grades.put_grade(grade(8, "Completed", "FullyGraded", 1))
expect("a completed score completes the part", done())
expect("the learner's page says the score", "score 80 of 100" in trainee.get(f"{site}{page}/courses/{course}").text)
results = grades.get_grades()
expect("the tool reads the result", [(one["userId"], one["resultScore"]) for one in results] == [(read["sub"], 80)], results)
try:
    grades.put_grade(grade(1, "Started", "NotReady", -60))
    expect("a score that is late by the tool's clock is refused", False)
except LtiServiceException as why:
    expect("a score that is late by the tool's clock is refused", why.response.status_code == 409, why.response.text)
try:
    grades.put_grade(grade(1, "Completed", "FullyGraded", 9).set_user_id(str(uuid.uuid4())))
    expect("a score of a stranger is refused", False)
except LtiServiceException as why:
    expect("a score of a stranger is refused", why.response.status_code == 400, why.response.text)
quiz = grades.find_or_create_lineitem(LineItem().set_tag("quiz").set_score_maximum(20).set_label("Quiz"))
expect("the tool adds a line and finds it again", grades.find_lineitem_by_tag("quiz").get_id() == quiz.get_id(), quiz.get_id())
grades.put_grade(grade(5, "Completed", "FullyGraded"), quiz)
expect("and scores on it", grades.get_grades(quiz)[0]["resultScore"] == 10)
expect("all lines of the course are listed", len(grades.get_lineitems()) == 2)
grades.put_grade(grade(0, "Started", "NotReady", 2))
expect("a later score takes the completion back", not done())

# --- Names and Role Provisioning Services ---
numbers = by_form.get_nrps().get_members()
me = [one for one in numbers if one["user_id"] == read["sub"]]
expect("the tool lists who is in the course, by number and role alone", me and set(me[0]) == {"status", "user_id", "roles"}, me)
expect("and no name or address of anybody", not any({"name", "email"} & set(one) for one in numbers), f"{len(numbers)} members")
agreement(tells_names="yes")
expect("names only once the cluster agreed", all("name" in one and "email" not in one for one in by_form.get_nrps().get_members()))
agreement()
expect("and no longer when it does not", not any("name" in one for one in by_form.get_nrps().get_members()))

# --- Deep Linking: a planner picks in the tool ---
begun = lead.post(f"{site}{page}/courses/{course}/choices", data={"tool": made["id"]}, headers={"accept": "application/json"}).json()
back = requests.get(begun["login"], allow_redirects=False).headers["location"]
picking = opened(form(lead.get(back)))
expect("the tool takes the request to pick", picking.is_deep_link_launch())
chapter = DeepLinkResource().set_url(f"{tool}/chapter-7").set_title(f"{name}: chapter 7").set_custom_params({"chapter": "7"})
chapter.set_lineitem(LineItem().set_score_maximum(20).set_label("Chapter 7").set_tag(f"{name}-7"))
answer = picking.get_deep_link().output_response_form([chapter])
token = re.search(r'name="JWT" value="([^"]+)"', answer).group(1)
to = re.search(r'action="([^"]+)"', answer).group(1)
parts = lambda: data(lead, f"{page}/courses/{course}")["parts"]
before = len(parts())
sent = requests.post(f"{site}{urllib.parse.urlsplit(to).path}", data={"JWT": token}, headers=foreign, allow_redirects=False)
expect("its answer is taken from the tool's page", sent.status_code == 303, sent.status_code)
again = requests.post(f"{site}{urllib.parse.urlsplit(to).path}", data={"JWT": token}, headers=foreign, allow_redirects=False)
expect("and only once", again.status_code == 422, again.status_code)
expect("the course is as it was until the planner says so", len(parts()) == before)
chosen = urllib.parse.urljoin(site, sent.headers["location"])
expect("nobody else sees what was picked", other.get(chosen).status_code != 200)
expect("the planner sees it", "chapter 7" in lead.get(chosen).text)
lead.post(chosen, data={"wanted-0": "yes", "title-0": f"{name}: chapter 7", "minutes-0": "15"}).raise_for_status()
picked = next(one for one in parts() if one["title"] == f"{name}: chapter 7")
part, first = picked["id"], part
told = opened(form(launch(trainee)[1])).get_launch_data()
expect("it is opened as the tool wants it", (told[claim + "target_link_uri"], told[claim + "custom"]) == (f"{tool}/chapter-7", {"chapter": "7"}))
part = first

# --- What the tool reports counts for the course ---
statement = {
    "actor": {"account": {"homePage": seen["issuer"], "name": read["sub"]}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}, "object": {"id": activity},
}
expect("nothing is done before it is reported", not done())
ids = xapi.post(f"{site}/xapi/statements", json=statement).json()
expect("a completion of the number it was told counts", done(), ids)
void = {"actor": {"mbox": "mailto:judge@example.org"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"}, "object": {"objectType": "StatementRef", "id": ids[0]}}
expect("a void is taken", xapi.put(f"{site}/xapi/statements", params={"statementId": str(uuid.uuid4())}, json=void).status_code == 204)
expect("and takes the completion back", not done())
bad = xapi.post(f"{site}/xapi/statements", json={**statement, "actor": {}})
expect("a bad statement is refused with its reason", bad.status_code == 400, json.loads(bad.text)["error"])
sys.exit(1 if wrong else 0)
