<?php
/**
 * Fields that readers see beside the text: the featured image, and those the settings name.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/** Stand where fields are written. */
function hook_details(): void {
	add_filter( 'update_post_metadata', __NAMESPACE__ . '\\before_field', PHP_INT_MAX, 4 );
	add_filter( 'add_post_metadata', __NAMESPACE__ . '\\before_field', PHP_INT_MAX, 4 );
	add_filter( 'delete_post_metadata', __NAMESPACE__ . '\\before_field_goes', PHP_INT_MAX, 3 );
	add_filter( 'update_post_metadata_by_mid', __NAMESPACE__ . '\\before_field_by_id', PHP_INT_MAX, 4 );
	add_filter( 'delete_post_metadata_by_mid', __NAMESPACE__ . '\\before_field_goes_by_id', PHP_INT_MAX, 2 );
	foreach ( array( 'added_post_meta', 'updated_post_meta', 'deleted_post_meta' ) as $after ) {
		add_action( $after, __NAMESPACE__ . '\\after_field', PHP_INT_MIN, 3 );
	}
	foreach ( array( 'post', 'page' ) as $type ) {
		add_filter( "rest_pre_insert_{$type}", __NAMESPACE__ . '\\before_rest', PHP_INT_MAX, 2 );
	}
	add_action( 'registered_post_type', __NAMESPACE__ . '\\watch_rest_type' );
}

/** Watch the interface of every kind of post. */
function watch_rest_type( string $type ): void {
	remove_filter( "rest_pre_insert_{$type}", __NAMESPACE__ . '\\before_rest', PHP_INT_MAX );
	add_filter( "rest_pre_insert_{$type}", __NAMESPACE__ . '\\before_rest', PHP_INT_MAX, 2 );
}

/** Learn which featured image a request sets after it has written the text. */
function before_rest( $prepared, \WP_REST_Request $request ) {
	if ( is_object( $prepared ) && isset( $prepared->ID ) && isset( $request['featured_media'] ) ) {
		want( (int) $prepared->ID, array( THUMBNAIL => (int) $request['featured_media'] ) );
	}
	return $prepared;
}

/** Let a public post's field be written only if the gate allows the post with it. */
function before_field( $done, $id, $name, $value ) {
	if ( null !== $done || ! is_shown_field( (string) $name ) ) {
		return $done;
	}
	return may_write( (int) $id, (string) $name, $value ) ? $done : false;
}

/** Let a public post's field be deleted only if the gate allows the post without it. */
function before_field_goes( $done, $id, $name ) {
	return before_field( $done, $id, $name, '' );
}

/** The same by the field's own number. */
function before_field_by_id( $done, $mid, $value, $name ) {
	$known = get_metadata_by_mid( 'post', (int) $mid );
	if ( null !== $done || false === $known ) {
		return $done;
	}
	$names = array_unique( array( (string) $known->meta_key, false === $name ? (string) $known->meta_key : (string) $name ) );
	foreach ( $names as $one ) {
		$done = before_field( $done, $known->post_id, $one, $value );
	}
	return $done;
}

/** The same for deletion. */
function before_field_goes_by_id( $done, $mid ) {
	$known = get_metadata_by_mid( 'post', (int) $mid );
	return null !== $done || false === $known ? $done : before_field( $done, $known->post_id, $known->meta_key, '' );
}

/** Tell whether a post may have this field; keep it apart if not. */
function may_write( int $id, string $name, $value ): bool {
	$post = $id ? get_post( $id ) : null;
	// A post that is not what may be shown isn't shown, whatever its fields are.
	if ( null === $post || ! is_guarded_type( $post->post_type ) || ! is_public_status( $post->post_status ) || ! holds( $post ) ) {
		return true;
	}
	$value  = is_string( $value ) ? wp_unslash( $value ) : $value;
	$wanted = array_merge( wanted( $id ), array( $name => $value ) );
	$offer  = offer_of_post( $post, $wanted );
	$record = record_of( $id );
	if ( null !== $record && hash_equals( $record['print'], fingerprint( $offer ) ) ) {
		return true;
	}
	$answer = decide( $offer );
	if ( $answer['allowed'] ) {
		went_out( $offer, $answer );
		return true;
	}
	$before = proposed( $id );
	if ( null !== $before ) {
		$offer = array_merge( $before, array( 'thumbnail' => $offer['thumbnail'], 'fields' => $offer['fields'] ) );
	}
	keep_proposal( $offer );
	// The text may come after it in the same request (XML-RPC): then both are asked together.
	want( $id, array( $name => $value ) );
	note_refusal( $id, $answer, true );
	return false;
}

/** Look at a post anew whose fields have changed. */
function after_field( $ids, $id, $name ): void {
	if ( is_shown_field( (string) $name ) || RECORD === $name ) {
		unset_holding( (int) $id );
	}
}
