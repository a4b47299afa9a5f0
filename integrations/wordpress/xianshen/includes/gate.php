<?php
/**
 * The gate's client. Whatever is no whole, clear yes is a no.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

const MOST_ANSWERED = 4194304; // bytes of an answer that are read

/**
 * Ask the gate; return what it said.
 *
 * @return array|\WP_Error The object it answered, or why there is none. The error's
 *                         code is the gate's own, or 'unanswered'; its data the HTTP status.
 */
function ask_gate( string $method, string $path, ?array $body = null, array $headers = array() ) {
	$fault = settings_fault();
	if ( '' !== $fault ) {
		return new \WP_Error( 'not_set_up', $fault, array( 'status' => 0 ) );
	}
	$data = null === $body ? null : wp_json_encode( $body );
	if ( false === $data ) {
		return new \WP_Error( 'unreadable', __( '文章里有写不进报文的字符，请检查后再试。', 'xianshen' ), array( 'status' => 0 ) );
	}
	$answer = wp_remote_request(
		setting( 'url' ) . '/api/v1/' . $path,
		array(
			'method'              => $method,
			'timeout'             => (int) setting( 'timeout' ),
			'redirection'         => 0, // would carry the key elsewhere
			'sslverify'           => true,
			'limit_response_size' => MOST_ANSWERED,
			'body'                => $data,
			'headers'             => array_merge(
				array(
					'Authorization' => 'Bearer ' . setting( 'key' ),
					'Content-Type'  => 'application/json',
					'Accept'        => 'application/json',
					'Expect'        => '',
				),
				$headers
			),
		)
	);
	if ( is_wp_error( $answer ) ) {
		return no_answer( $answer->get_error_message() );
	}
	return said( (int) wp_remote_retrieve_response_code( $answer ), (string) wp_remote_retrieve_body( $answer ) );
}

/** Return the object that was answered, or what went wrong. */
function said( int $status, string $text ) {
	$object = json_decode( $text, true );
	if ( $status >= 200 && $status < 300 ) {
		return is_array( $object ) && ! is_list( $object ) ? $object : no_answer( __( '答的不是先审的话', 'xianshen' ) );
	}
	if ( $status >= 400 && is_array( $object ) && isset( $object['code'], $object['detail'] )
		&& is_string( $object['code'] ) && is_string( $object['detail'] ) ) {
		return new \WP_Error( $object['code'], $object['detail'], array( 'status' => $status ) );
	}
	/* translators: %d: HTTP status */
	return no_answer( sprintf( __( '答的是 %d', 'xianshen' ), $status ) );
}

/** Tell whether an array has no names, as a JSON list. */
function is_list( array $some ): bool {
	return array() !== $some && array_keys( $some ) === range( 0, count( $some ) - 1 );
}

/** Return that the gate did not answer. */
function no_answer( string $why ): \WP_Error {
	/* translators: %s: what went wrong */
	$text = sprintf( __( '没有问到先审的闸口（%s），请稍后再试，或请管理员在“设置 → 先审”里试接通。', 'xianshen' ), $why );
	return new \WP_Error( 'unanswered', $text, array( 'status' => 0 ) );
}

/**
 * Ask whether exactly this may go out; never anything but a whole yes is one.
 *
 * @return array{allowed: bool, code: string, message: string, changes: string[], case: string}
 */
function check_at_gate( string $external_id, array $page ): array {
	$page['external_id'] = $external_id;
	$page['channel']     = setting( 'channel' );
	$said                = ask_gate( 'POST', 'gate/check', $page );
	if ( is_wp_error( $said ) ) {
		return no( (string) $said->get_error_code(), $said->get_error_message() );
	}
	$clearance = isset( $said['clearance'] ) ? $said['clearance'] : null;
	$case      = isset( $said['case'] ) && is_string( $said['case'] ) ? $said['case'] : '';
	if ( isset( $said['allowed'] ) && true === $said['allowed'] && '' !== $case
		&& is_string( $clearance ) && preg_match( '/^[\w-]+\.[\w-]+\.[\w-]+$/', $clearance ) ) {
		return array(
			'allowed' => true,
			'code'    => '',
			'message' => '',
			'changes' => array(),
			'case'    => $case,
		);
	}
	if ( ! isset( $said['allowed'], $said['code'], $said['message'] ) || false !== $said['allowed']
		|| ! is_string( $said['code'] ) || ! is_string( $said['message'] ) ) {
		return no( 'unanswered', no_answer( __( '答的不是先审的话', 'xianshen' ) )->get_error_message() );
	}
	$changes = isset( $said['changes'] ) && is_array( $said['changes'] ) ? array_filter( $said['changes'], 'is_string' ) : array();
	return no( $said['code'], $said['message'], array_values( $changes ), $case );
}

/** Return that something may not go out, and why. */
function no( string $code, string $message, array $changes = array(), string $case = '' ): array {
	return array(
		'allowed' => false,
		'code'    => $code,
		'message' => $message,
		'changes' => $changes,
		'case'    => $case,
	);
}

/** Return why the gate can't be used with this key, or '' if it can. */
function connection_fault(): string {
	// Nobody's item: a site that may ask is told that it was not reviewed.
	$answer = check_at_gate(
		'wp-test',
		array(
			'title' => '接通试验',
			'html'  => '<p>接通试验</p>',
		)
	);
	return 'not_reviewed' === $answer['code'] ? '' : $answer['message'];
}
