<?php
/**
 * What the gate tells by itself: a result, or that a clearance was taken back.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

const TOLERANCE = 300; // seconds that a webhook's moment may lie from now
const SEEN      = 'xianshen_seen_';

/** Open the address. */
function hook_webhook(): void {
	add_action( 'rest_api_init', __NAMESPACE__ . '\\open_webhook' );
	add_action( 'xianshen_refresh', __NAMESPACE__ . '\\refresh_state' );
}

/** Register the route. */
function open_webhook(): void {
	register_rest_route(
		'xianshen/v1',
		'/webhook',
		array(
			'methods'             => 'POST',
			'callback'            => __NAMESPACE__ . '\\take_webhook',
			'permission_callback' => '__return_true', // the signature is the permission
		)
	);
}

/** Return where the gate is to send to. */
function webhook_address(): string {
	return rest_url( 'xianshen/v1/webhook' );
}

/** Return what a webhook says if it is genuine and of now, else null. */
function verified( string $body, string $signature, string $secret, int $now ): ?array {
	if ( '' === $secret || ! preg_match( '/^t=([0-9]{1,12}),v1=([0-9a-f]{64})$/D', $signature, $parts ) ) {
		return null;
	}
	if ( ! hash_equals( hash_hmac( 'sha256', $parts[1] . '.' . $body, $secret ), $parts[2] ) ) {
		return null;
	}
	$said = json_decode( $body, true );
	if ( abs( $now - (int) $parts[1] ) > TOLERANCE || ! is_array( $said ) ) {
		return null;
	}
	foreach ( array( 'id', 'event', 'case' ) as $name ) {
		if ( ! isset( $said[ $name ] ) || ! is_string( $said[ $name ] ) ) {
			return null;
		}
	}
	return $said;
}

/** Take a webhook, each once. */
function take_webhook( \WP_REST_Request $request ) {
	$said = verified( (string) $request->get_body(), (string) $request->get_header( 'x_xianshen_signature' ), (string) setting( 'secret' ), time() );
	if ( null === $said ) {
		return new \WP_Error( 'xianshen_webhook', __( '签名不符，或者过了时间。', 'xianshen' ), array( 'status' => 400 ) );
	}
	$mark = SEEN . md5( $said['id'] );
	if ( false !== get_option( $mark ) ) {
		return array( 'taken' => false );
	}
	// Written down only once it is done: whatever breaks off in between comes again, and twice does no harm.
	act_on( $said );
	add_option( $mark, time(), '', 'no' );
	return array( 'taken' => true );
}

/** Do what a webhook asks for. */
function act_on( array $said ): void {
	$id = isset( $said['external_id'] ) && is_string( $said['external_id'] ) ? post_of_item( $said['external_id'] ) : 0;
	$id = $id ? $id : post_of_case( $said['case'] );
	if ( ! $id ) {
		return;
	}
	if ( 'clearance.revoked' === $said['event'] ) {
		take_down( $id, $said['case'] );
	}
	wp_schedule_single_event( time(), 'xianshen_refresh', array( $id ) );
}

/** Return which post is shown on a case's clearance, 0 if none is. */
function post_of_case( string $case ): int {
	global $wpdb;
	$like = '%' . $wpdb->esc_like( '"' . $case . '"' ) . '%';
	$ids  = $wpdb->get_col( $wpdb->prepare( "SELECT post_id FROM $wpdb->postmeta WHERE meta_key = %s AND meta_value LIKE %s", RECORD, $like ) ); // phpcs:ignore WordPress.DB -- by value
	foreach ( $ids as $id ) {
		$record = record_of( (int) $id );
		if ( null !== $record && $record['case'] === $case ) {
			return (int) $id;
		}
	}
	return 0;
}

/** Take a post down whose clearance was taken back. */
function take_down( int $id, string $case ): void {
	$post   = get_post( $id );
	$record = record_of( $id );
	if ( null === $post || null === $record || $record['case'] !== $case || ! is_public_status( $post->post_status ) ) {
		return;
	}
	$old = $post->post_status;
	pull( $post, no( 'revoked', __( '公开许可已经撤销，这一内容已经撤下；请联系保密办。', 'xianshen' ) ) );
	wp_transition_post_status( 'pending', $old, $post ); // caches and indexes forget it
}
