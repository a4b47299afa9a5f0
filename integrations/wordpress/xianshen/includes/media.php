<?php
/**
 * The files beside a post: which it shows, their bytes' digests, their smaller versions.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/**
 * Return the uploaded files that a piece of HTML shows or links to.
 *
 * @return string[] Paths within the folder of uploads, each once, in order.
 */
function files_in( string $html ): array {
	$uploads = wp_get_upload_dir();
	$folder  = (string) wp_parse_url( $uploads['baseurl'], PHP_URL_PATH );
	$pattern = '~' . preg_quote( $folder, '~' ) . '/([^"\'<>?#\\\\)\s]+)~iu';
	$text    = html_entity_decode( $html, ENT_QUOTES | ENT_HTML5, 'UTF-8' );
	$found   = array();
	if ( preg_match_all( $pattern, $text, $matches ) ) {
		foreach ( $matches[1] as $one ) {
			// A srcset ends its addresses with a comma.
			foreach ( array( rawurldecode( $one ), rtrim( rawurldecode( $one ), ',.;' ) ) as $path ) {
				if ( is_upload( $path ) ) {
					$found[ $path ] = true;
					break;
				}
			}
		}
	}
	return array_map( 'strval', array_keys( $found ) );
}

/** Tell whether there is such a file in the folder of uploads, and not outside it. */
function is_upload( string $path ): bool {
	return '' !== $path && false === strpos( $path, "\0" ) && 0 === validate_file( $path ) && is_file( upload( $path ) );
}

/** Return where a file of the folder of uploads lies. */
function upload( string $path ): string {
	return wp_get_upload_dir()['basedir'] . '/' . $path;
}

/**
 * Return a file's larger and smaller versions, which a browser may be shown instead.
 *
 * @return string[] Paths within the folder of uploads, the file itself among them.
 */
function versions_of( string $path ): array {
	$ending = strrchr( basename( $path ), '.' );
	if ( false === $ending ) {
		return array( $path );
	}
	$stem   = substr( $path, 0, -strlen( $ending ) );
	$root   = preg_replace( '~-(?:\d+x\d+|scaled|rotated)$~', '', $stem );
	$wanted = '~^' . preg_quote( basename( $root ), '~' ) . '(?:-(?:\d+x\d+|scaled|rotated))?' . preg_quote( $ending, '~' ) . '$~';
	$folder = dirname( $path );
	$listed = scandir( dirname( upload( $path ) ) );
	$found  = array();
	foreach ( false === $listed ? array() : $listed as $name ) {
		if ( preg_match( $wanted, $name ) ) {
			$found[] = '.' === $folder ? $name : $folder . '/' . $name;
		}
	}
	return array() === $found ? array( $path ) : $found;
}

/** Return the SHA-256 of a file's bytes, '' if it is not there. */
function sha_of( string $path ): string {
	static $known = array();
	$mark         = stamp_of( $path );
	if ( '' === $mark ) {
		return '';
	}
	if ( ! isset( $known[ $path ] ) || $known[ $path ][0] !== $mark ) {
		$known[ $path ] = array( $mark, (string) hash_file( 'sha256', upload( $path ) ) );
	}
	return $known[ $path ][1];
}

/** Return what changes whenever a file's bytes are written, '' if it is not there. */
function stamp_of( string $path ): string {
	clearstatcache( true, upload( $path ) );
	$seen = is_file( upload( $path ) ) ? stat( upload( $path ) ) : false;
	return false === $seen ? '' : implode( ':', array( $seen['size'], $seen['mtime'], $seen['ctime'], $seen['ino'] ) );
}

/**
 * Return each file with all its versions, by digest and by when they were written.
 *
 * @param string[] $paths Paths within the folder of uploads.
 * @return array<string, array{0: string, 1: string}> Digest and stamp by path.
 */
function seals_of( array $paths ): array {
	$seals = array();
	foreach ( $paths as $path ) {
		foreach ( versions_of( $path ) as $one ) {
			$mark          = stamp_of( $one ); // before it is read: what is written meanwhile shows
			$seals[ $one ] = array( sha_of( $one ), $mark );
		}
	}
	ksort( $seals );
	return $seals;
}

/**
 * Return the first file that is not what it was, '' if all are.
 *
 * One that is gone shows nothing, and is nothing that was not reviewed.
 */
function changed_file( array $seals ): string {
	foreach ( $seals as $path => $seal ) {
		$path = (string) $path;
		$mark = stamp_of( $path );
		if ( '' !== $mark && $mark !== $seal[1] && sha_of( $path ) !== $seal[0] ) {
			return $path;
		}
	}
	return '';
}

/**
 * Return under which name each file goes to the gate.
 *
 * A picture is known in the page by the last part of its address; where two have the
 * same, both go by their whole path.
 *
 * @return array<string, string> Name by path.
 */
function names_of( array $paths ): array {
	$counts = array_count_values( array_map( 'basename', $paths ) );
	$names  = array();
	foreach ( $paths as $path ) {
		$names[ $path ] = 1 === $counts[ basename( $path ) ] ? basename( $path ) : $path;
	}
	return $names;
}
