"""Has openbadgeslib judge what hiec issues, and hiec what openbadgeslib issues; see scripts/check-credentials."""
import base64, json, pathlib, subprocess, sys
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openbadgeslib.ob3 import OB3Signer, OB3Verifier
from openbadgeslib.ob3.credential import OpenBadgeCredential
from openbadgeslib.ob3.ldp import OB3LdpSigner, OB3LdpVerifier

hiec, crate, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
wrong = []


def agree(what, ours, expected):
    print(f"{'ok   ' if ours == expected else 'WRONG'} {what}: {'accepted' if ours else 'refused'}")
    if ours != expected:
        wrong.append(what)


def run(*arguments):
    return subprocess.run([hiec, "credential", *map(str, arguments)], capture_output=True, text=True)


def ours(file, *more):
    result = run("verify", file, *more)
    if result.returncode == 2:
        print("      ", result.stderr.strip())
    return result.returncode == 0


def theirs(verifier, text):
    try:
        verifier.verify(text)
        return True
    except Exception as problem:
        print("      ", type(problem).__name__, str(problem)[:120])
        return False


def issue(form, *more):
    result = run("issue", crate / "example.json", "--key", work / "key.json", "--format", form, *more)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


key = run("key", "new").stdout
(work / "key.json").write_text(key)
did = json.loads(key)["controller"]

token = issue("vc-jwt")
agree("our token, judged by openbadgeslib", theirs(OB3Verifier.for_issuer_did(did), token), True)
header, payload, signature = token.split(".")
changed = json.loads(base64.urlsafe_b64decode(payload + "=="))
changed["name"] = "Something better"
forged = ".".join([header, base64.urlsafe_b64encode(json.dumps(changed).encode()).decode().rstrip("="), signature])
agree("our token tampered, judged by openbadgeslib", theirs(OB3Verifier.for_issuer_did(did), forged), False)

document = json.loads(issue("ldp"))
agree("our proof, judged by openbadgeslib", theirs(OB3LdpVerifier.for_issuer_did(did), json.dumps(document)), True)
for what, change in {
    "another name": lambda badge: badge["credentialSubject"]["achievement"].update(name="Something better"),
    "a member more": lambda badge: badge.update(note="added"),
    "another holder": lambda badge: badge["credentialSubject"]["identifier"][0].update(salt="0000000000000000"),
    "no end": lambda badge: badge.pop("validUntil"),
}.items():
    forged = json.loads(json.dumps(document))
    change(forged)
    (work / "forged.json").write_text(json.dumps(forged))
    agree(f"our proof with {what}, judged by openbadgeslib", theirs(OB3LdpVerifier.for_issuer_did(did), json.dumps(forged)), False)
    agree(f"our proof with {what}, judged by ours", ours(work / "forged.json"), False)

(work / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>')
import png
png.from_array([[0, 255], [255, 0]], "L").save(str(work / "picture.png"))
for kind in ("svg", "png"):
    for form, verifier in (("vc-jwt", OB3Verifier), ("ldp", OB3LdpVerifier)):
        baked = work / f"badge-{form}.{kind}"
        issue(form, "--bake", work / f"picture.{kind}", "--out", baked)
        extract = getattr(verifier, f"extract_token_from_{kind}", None) or getattr(OB3Verifier, f"extract_token_from_{kind}")
        agree(f"our {form} baked into {kind}, judged by openbadgeslib", theirs(verifier.for_issuer_did(did), extract(baked.read_bytes())), True)
        agree(f"our {form} baked into {kind}, judged by ours", ours(baked), True)

# Theirs, judged by ours.
secret = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
pem = secret.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
gold = json.loads((crate / "tests/data/01_valid.json").read_text())
credential = OpenBadgeCredential.from_jwt_payload({name: value for name, value in gold.items() if name != "proof"})
token = OB3Signer(pem, algorithm="EdDSA").sign(credential)
(work / "theirs.jwt").write_text(token)
agree("openbadgeslib's token, judged by ours", ours(work / "theirs.jwt"), True)
(work / "theirs.svg").write_bytes(OB3Signer(pem, algorithm="EdDSA").sign_into_svg(credential, (work / "picture.svg").read_bytes()))
agree("openbadgeslib's token baked into svg, judged by ours", ours(work / "theirs.svg"), True)
(work / "theirs.png").write_bytes(OB3Signer(pem, algorithm="EdDSA").sign_into_png(credential, (work / "picture.png").read_bytes()))
agree("openbadgeslib's token baked into png, judged by ours", ours(work / "theirs.png"), True)

for case in json.loads((crate / "tests/data/index.json").read_text()):
    file = crate / "tests/data" / case["file"]
    agree(f"{case['file']}, judged by ours", ours(file, "--at", "2026-03-01T00:00:00Z"), case["expect_accept"])
sys.exit(1 if wrong else 0)
