"""URLs checked by their text."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging import InvalidUrl, check_url
from imaging.urls import is_open

CLOSED = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://0177.1/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://127.0.0.1./",
    "http://127.000.000.001/",
    "http://00000177.0.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[2001:db8::1]/",
    "http://[2001::1]/",
    "http://[5f00::1]/",
    "http://[3fff::1]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/",
    "http://100.100.100.200/",
    "http://192.0.0.192/",
    "http://10.0.0.1/",
    "http://10.1/",
    "http://172.16.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://198.18.0.1/",
    "http://192.88.99.1/",
    "http://192.0.2.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://images.localhost/",
    "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/",
    "http://127\u30020\u30020\u30021/",
    "http://\u24dbocalhost/",
    "http://\u2460\u2461\u2466.0.0.1/",
    "http://\uff18.\uff18.\uff18.\uff18.\uff11/",
    "http://134744072/",
    "http://010.8.8.8/",
    "http://8.8.2056/",
    "http://1.2.3.4.5/",
    "http://256.1.1.1/",
    "http://1.1.1.0x1/",
    "http://0xgg.1/",
]

MALFORMED = [
    "",
    "images.test/a.jpg",
    "//images.test/a.jpg",
    "http:",
    "http://",
    "http:///a.jpg",
    "http:images.test",
    "ftp://images.test/",
    "file:///etc/passwd",
    "gopher://images.test/",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "http://user@images.test/",
    "http://user:secret@images.test/",
    "http://images.test@127.0.0.1/",
    "http://@images.test/",
    "http://images.test:8080/",
    "http://images.test:22/",
    "http://images.test:0/",
    "http://images.test:65616/",
    "http://images.test:-80/",
    "http://images.test:\uff18\uff10\uff18\uff10/",
    "http://images.test:80:80/",
    "http://images.test\\@127.0.0.1/",
    "http://127.0.0.1\\.images.test/",
    "http://images.test /",
    " http://images.test/",
    "http://images.test/\r\nHost: inside",
    "http://ima\tges.test/",
    "http://images.test/\x00",
    "http://127%2e0.0.1/",
    "http://images%00.test/",
    "http://-images.test/",
    "http://images..test/",
    "http://.images.test/",
    "http://images.test../",
    "http://[images.test]/",
    "http://[::1/",
    "http://::1/",
    "http://evil[2606:4700::1111]/",
    "http://[2606:4700::1111]evil/",
    "http://[2606:4700::1111%25eth0]/",
    "http://[v1.a:b]/",
    "http://*.images.test/",
    "http://images.test/" + "a" * 2100,
    "http://" + "a." * 130 + "test/",
    "http://" + "a" * 64 + ".test/",
    "http://\ud800.test/",
    "http://images.test/\ud800",
]

SOUND = {
    "http://images.test/a.jpg": "http://images.test/a.jpg",
    "HTTP://IMAGES.Test": "http://images.test/",
    "https://images.test:443/a?b=c&d=%20#part": "https://images.test/a?b=c&d=%20",
    "http://images.test:443/": "http://images.test:443/",
    "https://images.test:80/": "https://images.test:80/",
    "http://images.test:/a": "http://images.test/a",
    "http://images.test./a": "http://images.test/a",
    "http://bücher.test/ä ö"[:-2]: "http://xn--bcher-kva.test/%C3%A4",
    "http://B\u00dcCHER.test/": "http://xn--bcher-kva.test/",
    "http://\uff49mages\u3002test/": "http://images.test/",
    "http://xn--bcher-kva.test/": "http://xn--bcher-kva.test/",
    "http://under_score.test/": "http://under_score.test/",
    "http://8.8.8.8/a.jpg": "http://8.8.8.8/a.jpg",
    "http://[2606:4700:0::1111]/": "http://[2606:4700::1111]/",
    "http://1.2.3.4.test/": "http://1.2.3.4.test/",
    "http://images.test/?q=[a]|b": "http://images.test/?q=[a]%7Cb",
    "http://images.test/a@b:c": "http://images.test/a@b:c",
}


@pytest.mark.parametrize("url", [*CLOSED, *MALFORMED], ids=ascii)
def test_refuses_what_the_text_shows(url: str) -> None:
    with pytest.raises(InvalidUrl):
        check_url(url)


@pytest.mark.parametrize(("url", "plain"), SOUND.items(), ids=ascii)
def test_gives_one_plain_spelling(url: str, plain: str) -> None:
    assert check_url(url) == plain
    assert check_url(plain) == plain


@pytest.mark.parametrize(
    ("url", "admitted"),
    [
        ("http://127.0.0.1:8079/a.jpg", "127.0.0.1:8079"),
        ("http://localhost:8079/", "localhost:8079"),
        ("http://localhost/", "localhost:80"),
        ("https://[::1]:8443/", "[::1]:8443"),
        ("http://images:8079/", "images:8079"),
    ],
)
def test_admits_host_and_port_together(url: str, admitted: str) -> None:
    assert check_url(url, allow={admitted}) == url
    host, port = admitted.rsplit(":", 1)
    with pytest.raises(InvalidUrl):
        check_url(url, allow={f"{host}:{int(port) + 1}", host, f"{host}1:{port}"})
    with pytest.raises(InvalidUrl):
        check_url(url.replace("://", "://user@"), allow={admitted})


@pytest.mark.parametrize(
    "text",
    ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:82a::200e"],
)
def test_public_addresses_are_open(text: str) -> None:
    assert is_open(ip_address(text))


# Random texts are mostly refused, so near-valid ones are drawn as well.
_NEARLY = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp", ""]),
    st.sampled_from(["", "user@", "[", "127.0.0.1@"]),
    st.one_of(
        st.text(max_size=12),
        st.from_regex(r"[0-9a-fx.]{1,12}", fullmatch=True),
        st.ip_addresses().map(str),
        st.ip_addresses(v=6).map("[{}]".format),
    ),
    st.sampled_from(["", ":80", ":443", ":81", ":", ".", "]"]),
    st.text(max_size=12).map("/{}".format),
)


@given(st.one_of(st.text(), _NEARLY))
def test_any_text_is_judged(url: str) -> None:
    try:
        plain = check_url(url)
    except InvalidUrl:
        return
    assert plain.isascii()
    assert plain.startswith(("http://", "https://"))
    assert check_url(plain) == plain


@given(st.ip_addresses())
def test_a_literal_address_is_taken_only_if_open(address: object) -> None:
    host = f"[{address}]" if ":" in str(address) else str(address)
    try:
        check_url(f"http://{host}/")
    except InvalidUrl:
        assert not is_open(ip_address(str(address)))
    else:
        assert is_open(ip_address(str(address)))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:", "64:ff9b::", "::"]))
def test_an_ipv4_address_inside_an_ipv6_one_is_closed(address: object, prefix: str) -> None:
    with pytest.raises(InvalidUrl):
        check_url(f"http://[{prefix}{address}]/")
