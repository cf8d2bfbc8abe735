"""Launches PyLTI1p3's tool from the demonstration as a trainee, and reports to it as another system; see scripts/check-lti."""
import base64, datetime, html, http.server, json, re, sys, threading, urllib.parse, uuid
import jwt.api_jwt
import requests
from pylti1p3.cookie import CookieService
from pylti1p3.exception import LtiException
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


def judged(params):
    """What the tool reads out of a launch once it has judged it."""
    request = ToolRequest(params)
    return ToolLaunch(request, config, SessionService(request), Cookies()).get_launch_data()


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
    "client_id": made["client_id"], "auth_login_url": f"{site}/lti/authorize", "auth_token_url": f"{site}/none",
    "key_set_url": f"{site}/lti/jwks", "deployment_ids": [made["deployment_id"]],
}})
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


jwt.api_jwt.datetime = Clock


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

# --- What the tool reports counts for the course ---
done = lambda: part in data(trainee, f"{page}/courses/{course}")["done"]
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
