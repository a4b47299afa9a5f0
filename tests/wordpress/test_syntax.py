"""The plugin keeps to what PHP 7.4 knows, although only a newer one is at hand."""

import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.wordpress.server import PLUGIN

_NEWER: Final = Path(__file__).with_name("newer.php")
# One line each, and what is newer there.
_PLANTED: Final = {
    "$a = match( 1 ) { default => 2 };": "match",
    "$b = $a?->c;": "?->",
    "#[Some] function a() {}": "an attribute",
    "function b( int|string $e ) {}": "a type of several",
    "function c(): A|B { return new A(); }": "a type of several",
    "$f = fn( int $x ): int|string => 1;": "a type of several",
    "enum F { case G; }": "enum",
    "function d( mixed $i ) { return $i; }": "the type mixed",
    "function e( ?int $k, ) {}": "a comma behind the last parameter",
    "class L { public function __construct( private $m ) {} }": (
        "a property in the constructor"
    ),
    "n( o: 1 );": "a named argument",
    "try { p(); } catch ( Exception ) {}": "catch without a variable",
    "$q = $a ?? throw new Exception();": "throw in an expression",
    "$r = $a::class;": "$object::class",
    "$s = strlen( ... );": "a function as a value",
    "array_is_list( $a );": "array_is_list()",
    "function t( $u = new V() ) {}": "new in a default",
}
_OLD: Final = """<?php
function a( ?int $b = null, array &$c = array(), string ...$d ): ?array { return $b; }
$x = $y ? foo : bar;
switch ( $a ) { case FOO: throw new E(); default: throw new E(); }
try { f( $a, ); } catch ( A | B $e ) { throw $e; }
if ( $a ) throw new E();
$f = static fn( $x ) => $x | 1;
$g = function ( $z = A | B ) use ( &$q ) { return $q & $z; };
class K { private ?int $p = null; public static function m( self $n ): self {} }
"""


def _said(*files: Path) -> list[str]:
    done = subprocess.run(  # noqa: S603 - a script of ours
        ["php", str(_NEWER), *map(str, files)],  # noqa: S607 - wherever Debian put it
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stdout.splitlines()


@pytest.mark.usefixtures("wordpress_package")
def test_nothing_is_newer_than_php_7_4() -> None:
    assert _said(*sorted(PLUGIN.rglob("*.php"))) == []


@pytest.mark.usefixtures("wordpress_package")
def test_what_is_newer_would_be_seen(tmp_path: Path) -> None:
    planted = tmp_path / "planted.php"
    planted.write_text("<?php\n" + "\n".join(_PLANTED), "utf-8")
    expected = {
        f"planted.php:{line} {what}"
        for line, what in enumerate(_PLANTED.values(), start=2)
    }
    assert set(_said(planted)) == expected


@pytest.mark.usefixtures("wordpress_package")
def test_what_is_old_enough_is_left_alone(tmp_path: Path) -> None:
    old = tmp_path / "old.php"
    old.write_text(_OLD, "utf-8")
    assert _said(old) == []
