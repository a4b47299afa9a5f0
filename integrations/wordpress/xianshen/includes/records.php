<?php
/**
 * What is kept beside a post: its items at the gate, where they stand, and what may be shown.
 *
 * The record of what may be shown is sealed with the site's own salts (wp-config.php), so
 * that nobody makes one by writing into the database.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

const ITEMS      = '_xianshen_items';    // [external id => files' seals when it was handed in]
const STATE      = '_xianshen_state';    // where the last item stands, as the gate told it
const RECORD     = '_xianshen_record';   // what may be shown
const SHOWN_FILE = '_xianshen_file';     // a row for each file that may be shown with it
const PROPOSAL   = '_xianshen_proposal'; // a changed text that may not be shown yet
const REPORT     = '_xianshen_report';   // publications that the gate was not told yet
const REFUSAL    = '_xianshen_refusal';  // the last no, for the editor

/** Return the seal of some values for one post. */
function seal( int $id, array $values ): string {
	unset( $values['seal'] );
	ksort( $values );
	return hash_hmac( 'sha256', $id . ':' . wp_json_encode( $values ), wp_salt( 'auth' ) . 'xianshen' );
}

/** Return what is kept under a name, an array in any case. */
function kept( int $id, string $name ): array {
	$value = get_post_meta( $id, $name, true );
	return is_array( $value ) ? $value : array();
}

/** Keep an array under a name. */
function keep( int $id, string $name, array $value ): void {
	update_post_meta( $id, $name, wp_slash( $value ) );
}

/** Return the record of what may be shown of a post, null if there is none that holds. */
function record_of( int $id ): ?array {
	$record = kept( $id, RECORD );
	$sealed = isset( $record['seal'], $record['print'], $record['files'] ) && is_string( $record['seal'] ) && is_array( $record['files'] );
	return $sealed && hash_equals( seal( $id, $record ), $record['seal'] ) ? $record : null;
}

/** Keep that exactly this may be shown, with the files as they were read, on which clearance. */
function keep_record( array $offer, array $answer ): void {
	$record = array(
		'print'       => fingerprint( $offer ),
		'files'       => $answer['files'],
		'external_id' => $answer['external_id'],
		'case'        => $answer['case'],
		'at'          => time(),
	);

	$record['seal'] = seal( $offer['ID'], $record );
	keep( $offer['ID'], RECORD, $record );
	delete_post_meta( $offer['ID'], SHOWN_FILE );
	foreach ( array_keys( $record['files'] ) as $path ) {
		add_post_meta( $offer['ID'], SHOWN_FILE, wp_slash( (string) $path ) );
	}
	unset_holding( $offer['ID'] );
}

/** Forget what may be shown of a post: from now on nothing. */
function drop_record( int $id ): void {
	delete_post_meta( $id, RECORD );
	delete_post_meta( $id, SHOWN_FILE );
	unset_holding( $id );
}

/** Tell whether a post is, to the letter and in every file, what may be shown. */
function holds( \WP_Post $post ): bool {
	$known = &holding();
	$mark  = md5( $post->post_title . "\0" . $post->post_content . "\0" . $post->post_excerpt . "\0" . $post->post_name . "\0" . $post->post_type );
	if ( ! isset( $known[ $post->ID ][ $mark ] ) ) {
		$known[ $post->ID ][ $mark ] = '' === deviation( $post );
	}
	return $known[ $post->ID ][ $mark ];
}

/** Return in what a post is not what may be shown; '' if it is. */
function deviation( \WP_Post $post ): string {
	$record = record_of( (int) $post->ID );
	if ( null === $record ) {
		return __( '没有审查通过的记录', 'xianshen' );
	}
	if ( ! hash_equals( $record['print'], fingerprint( offer_of_post( $post ) ) ) ) {
		return __( '文字、网址名或题图与审查通过的不一致', 'xianshen' );
	}
	$file = changed_file( $record['files'] );
	/* translators: %s: a file's name */
	return '' === $file ? '' : sprintf( __( '文件“%s”与审查通过的不一致', 'xianshen' ), basename( $file ) );
}

/** Return what was found to hold in this request. */
function &holding(): array {
	static $known = array();
	return $known;
}

/** Look again at the next question. */
function unset_holding( int $id ): void {
	$known = &holding();
	unset( $known[ $id ] );
}

/** Return the items under which a post was handed in, the last first. */
function items_of( int $id ): array {
	$items = $id ? kept( $id, ITEMS ) : array();
	return array_reverse( array_map( 'strval', array_keys( $items ) ) );
}

/** Keep where the last item stands. */
function keep_state( int $id, array $state ): void {
	$state['asked'] = time();
	keep( $id, STATE, $state );
}

/** Return the id of the post that an item belongs to, 0 if it is nobody's. */
function post_of_item( string $external_id ): int {
	if ( ! preg_match( '~^wp-(?:(\d+)\.)?(\d+)-\d+$~', $external_id, $parts ) ) {
		return 0;
	}
	$here = is_multisite() ? (string) get_current_blog_id() : '';
	$id   = (int) $parts[2];
	return $parts[1] === $here && in_array( $external_id, items_of( $id ), true ) ? $id : 0;
}

/** Return a new name for an item of a post. */
function item_name( int $id, int $number ): string {
	$here = is_multisite() ? get_current_blog_id() . '.' : '';
	return 'wp-' . $here . $id . '-' . $number;
}
