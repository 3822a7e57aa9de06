"""What Debian's python3-kubernetes does with a cluster: says each finding as a line of JSON, and waits for a line where the test acts."""
import json
import ssl
import sys

import websocket
import yaml
from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

KUBECONFIG, NAMESPACE, MACHINE = sys.argv[1:4]


def say(step, **facts):
    print(json.dumps({"step": step, **facts}), flush=True)


def wait_for(word):
    line = sys.stdin.readline().strip()
    assert line == word, f"expected {word}, got {line!r}"


config.load_kube_config(KUBECONFIG)
core = client.CoreV1Api()
custom = client.CustomObjectsApi()
apps = client.AppsV1Api()


def refused(call):
    try:
        call()
    except ApiException as error:
        return {"code": error.status, "body": json.loads(error.body)}
    return None


def make(name, value="a"):
    metadata = client.V1ObjectMeta(name=name, labels={"set": "python"})
    return core.create_namespaced_config_map(NAMESPACE, client.V1ConfigMap(metadata=metadata, data={"key": value}))


def lists():
    core.create_namespace(client.V1Namespace(metadata=client.V1ObjectMeta(name=NAMESPACE)))
    for index in range(25):
        make(f"map-{index:02}")
    pages, names, token = [], [], None
    while True:
        page = core.list_namespaced_config_map(NAMESPACE, limit=10, _continue=token, label_selector="set=python")
        pages.append(len(page.items))
        names += [item.metadata.name for item in page.items]
        token = page.metadata._continue
        if not token:
            break
    expired = core.list_namespaced_config_map(NAMESPACE, limit=10).metadata._continue
    say("listed", pages=pages, names=names)
    wait_for("compacted")
    gone = refused(lambda: core.list_namespaced_config_map(NAMESPACE, limit=10, _continue=expired))
    again = gone and gone["body"]["metadata"].get("continue")
    rest = len(core.list_namespaced_config_map(NAMESPACE, _continue=again).items) if again else None
    say("token", refused=gone, rest=rest)


def watches():
    """As informers do it: list, watch from there, list again where history is gone."""
    known, relists, seen = {}, 0, []
    while "last" not in known:
        listing = core.list_namespaced_config_map(NAMESPACE, label_selector="set=python")
        known = {item.metadata.name: item.data["key"] for item in listing.items}
        version = listing.metadata.resource_version
        say("watching", relists=relists, version=version)
        if relists == 0:
            # what happens now is forgotten before this watch begins
            wait_for("forgotten")
        try:
            stream = watch.Watch().stream(
                core.list_namespaced_config_map,
                NAMESPACE,
                label_selector="set=python",
                resource_version=version,
                timeout_seconds=20,
            )
            if relists > 0:
                make("last", "z")
            for event in stream:
                item = event["object"]
                seen.append([event["type"], item.metadata.name])
                if event["type"] == "DELETED":
                    known.pop(item.metadata.name, None)
                else:
                    known[item.metadata.name] = item.data["key"]
                if item.metadata.name == "last":
                    break
        except ApiException as error:
            say("gone", code=error.status, reason=error.reason)
            relists += 1
    say("watched", relists=relists, seen=seen, known=known)


def patches():
    def sending(content_type):
        """A client that sends what it is told to, not what it would choose."""
        typed = client.ApiClient()
        typed.select_header_content_type = lambda _types: content_type
        return typed

    labels = {"metadata": {"labels": {"merge": "yes"}}}
    core.patch_namespaced_config_map("map-00", NAMESPACE, [{"op": "add", "path": "/data/json", "value": "yes"}])
    merge = client.CoreV1Api(sending("application/merge-patch+json"))
    merge.patch_namespaced_config_map("map-00", NAMESPACE, labels)
    result = core.read_namespaced_config_map("map-00", NAMESPACE)
    container = {"name": "web", "image": "web:1"}
    apps.create_namespaced_deployment(
        NAMESPACE,
        {
            "metadata": {"name": "web"},
            "spec": {
                "selector": {"matchLabels": {"app": "web"}},
                "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}},
            },
        },
    )
    side = {"spec": {"template": {"spec": {"containers": [{"name": "side", "image": "side:1"}]}}}}
    # the client sends objects as strategic merge patches
    patched = apps.patch_namespaced_deployment("web", NAMESPACE, side)
    machine = ("kubevirt.io", "v1", NAMESPACE, "virtualmachines", "stopped")
    custom.create_namespaced_custom_object(
        *machine[:4],
        {
            "apiVersion": "kubevirt.io/v1",
            "kind": "VirtualMachine",
            "metadata": {"name": "stopped"},
            "spec": {
                "runStrategy": "Halted",
                "template": {"spec": {"domain": {"devices": {}, "memory": {"guest": "64Mi"}}}},
            },
        },
    )
    custom.patch_namespaced_custom_object(*machine, labels)
    json_patches = client.CustomObjectsApi(sending("application/json-patch+json"))
    manual = [{"op": "replace", "path": "/spec/runStrategy", "value": "Manual"}]
    changed = json_patches.patch_namespaced_custom_object(*machine, manual)
    strategic = client.CustomObjectsApi(sending("application/strategic-merge-patch+json"))
    say(
        "patched",
        data=result.data,
        labels=result.metadata.labels,
        containers=[one.name for one in patched.spec.template.spec.containers],
        machine=[changed["spec"]["runStrategy"], changed["metadata"]["labels"]],
        strategic=refused(lambda: strategic.patch_namespaced_custom_object(*machine, labels)),
        conflict=refused(lambda: make("map-00")),
    )
    custom.delete_namespaced_custom_object(*machine)
    core.delete_namespaced_config_map("map-00", NAMESPACE)
    core.delete_collection_namespaced_config_map(NAMESPACE, label_selector="set=python")
    left = core.list_namespaced_config_map(NAMESPACE, label_selector="set=python")
    say(
        "deleted",
        left=len(left.items),
        missing=refused(lambda: core.read_namespaced_config_map("map-00", NAMESPACE)),
    )


def console():
    """The guest's serial bytes, as an application with websocket-client reads them."""
    with open(KUBECONFIG, encoding="utf8") as file:
        server = yaml.safe_load(file)["clusters"][0]["cluster"]["server"]
    settings = core.api_client.configuration
    namespace, name = MACHINE.split("/")
    socket = websocket.create_connection(
        server.replace("https:", "wss:")
        + f"/apis/subresources.kubevirt.io/v1/namespaces/{namespace}/virtualmachineinstances/{name}/console",
        subprotocols=["plain.kubevirt.io"],
        sslopt={
            "ca_certs": settings.ssl_ca_cert,
            "certfile": settings.cert_file,
            "keyfile": settings.key_file,
            "cert_reqs": ssl.CERT_REQUIRED,
        },
        timeout=20,
    )
    socket.send_binary(b"typed by python")
    text, opcodes = b"", set()
    while b"typed by python" not in text:
        opcode, data = socket.recv_data()
        opcodes.add(opcode)
        text += data
    say("console", subprotocol=socket.subprotocol, text=text.decode("latin1"), binary=opcodes == {websocket.ABNF.OPCODE_BINARY})
    socket.close()


lists()
watches()
patches()
console()
