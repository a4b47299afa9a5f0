<?php
/**
 * Uploaded files, where the web server hands them over: only those that a public post shows.
 *
 * A web server gives out the folder of uploads without asking WordPress. Where it is told
 * to ask (README), what is asked for below that folder comes here, marked xianshen_file=1.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/** Stand before WordPress looks for a page. */
function hook_files(): void {
	add_action( 'parse_request', __NAMESPACE__ . '\\serve_file', PHP_INT_MIN );
}

/** Give out the file that is asked for, if it may be; else say that there is none. */
function serve_file(): void {
	if ( ! isset( $_GET['xianshen_file'] ) ) { // phpcs:ignore WordPress.Security.NonceVerification -- reading
		return;
	}
	$path = asked_file();
	if ( ! is_upload( $path ) || ! may_be_served( $path ) ) {
		status_header( 404 );
		nocache_headers();
		header( 'Content-Type: text/plain; charset=utf-8' );
		exit( esc_html__( '没有这个文件，或者还没有审查通过。', 'xianshen' ) );
	}
	$kind = wp_check_filetype( $path );
	header( 'Content-Type: ' . ( $kind['type'] ? $kind['type'] : 'application/octet-stream' ) );
	header( 'Content-Length: ' . filesize( upload( $path ) ) );
	header( 'X-Content-Type-Options: nosniff' );
	header( 'Cache-Control: private, no-cache' );
	readfile( upload( $path ) ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- given out as it is
	exit;
}

/** Return which file is asked for, by the address as the reader wrote it. */
function asked_file(): string {
	$asked  = isset( $_SERVER['REQUEST_URI'] ) ? (string) wp_parse_url( (string) $_SERVER['REQUEST_URI'], PHP_URL_PATH ) : ''; // phpcs:ignore WordPress.Security -- judged by is_upload
	$folder = wp_parse_url( wp_get_upload_dir()['baseurl'], PHP_URL_PATH ) . '/';
	return 0 === strpos( $asked, $folder ) ? rawurldecode( substr( $asked, strlen( $folder ) ) ) : '';
}

/** Tell whether a post that is shown shows this file as it is, or an editor asks. */
function may_be_served( string $path ): bool {
	if ( current_user_can( 'upload_files' ) ) {
		return true;
	}
	global $wpdb;
	$ids = $wpdb->get_col( $wpdb->prepare( "SELECT post_id FROM $wpdb->postmeta WHERE meta_key = %s AND meta_value = %s LIMIT 50", SHOWN_FILE, $path ) ); // phpcs:ignore WordPress.DB -- by value
	foreach ( $ids as $id ) {
		$post   = get_post( (int) $id );
		$record = record_of( (int) $id );
		if ( null !== $post && null !== $record && isset( $record['files'][ $path ] ) && is_public_status( $post->post_status ) && holds( $post ) ) {
			return true;
		}
	}
	return false;
}
