<?php
/**
 * Telling the editor why it was not published, in the place where he tried.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/** Stand where answers go out. */
function hook_messages(): void {
	add_action( 'admin_notices', __NAMESPACE__ . '\\show_notices' );
	add_filter( 'redirect_post_location', __NAMESPACE__ . '\\without_success', PHP_INT_MAX );
	add_filter( 'rest_request_after_callbacks', __NAMESPACE__ . '\\as_rest_error', PHP_INT_MAX, 3 );
	add_action( 'wp_insert_post', __NAMESPACE__ . '\\name_refusal', PHP_INT_MIN, 2 );
	add_action( 'wp_after_insert_post', __NAMESPACE__ . '\\stop_with_message', PHP_INT_MAX );
}

/** Return the refusals of this request. */
function &refusals(): array {
	static $noted = array();
	return $noted;
}

/** Note that something was not published; $kept says that the public version stays as it was. */
function note_refusal( int $id, array $answer, bool $kept ): void {
	$after = $kept
		? __( '网上仍是原来审查通过的；您的修改已另存，没有丢。', 'xianshen' )
		: __( '您的文字已保存，没有公开。', 'xianshen' );
	$noted = &refusals();
	$text  = told( $answer ) . $after;

	$noted[ $id ] = array(
		'id'   => $id,
		'code' => $answer['code'],
		'text' => $text,
	);
	if ( $id ) {
		keep( $id, REFUSAL, array_merge( $noted[ $id ], array( 'at' => time() ) ) );
	}
	$user = get_current_user_id();
	if ( $user ) {
		$known   = get_transient( 'xianshen_notices_' . $user );
		$known   = is_array( $known ) ? $known : array();
		$title   = $id ? get_the_title( $id ) : '';
		$known[] = ( '' === $title ? '' : "《{$title}》：" ) . $text;
		set_transient( 'xianshen_notices_' . $user, array_slice( array_unique( $known ), -20 ), HOUR_IN_SECONDS );
	}
	/**
	 * Tells programs that a publication was refused.
	 *
	 * @param int   $id     The post, 0 if it is not in the database yet.
	 * @param array $answer Why.
	 */
	do_action( 'xianshen_refused', $id, $answer );
	if ( defined( 'WP_CLI' ) && class_exists( '\\WP_CLI' ) ) {
		\WP_CLI::warning( $text );
	}
}

/** Give the refusal of a new post its number, now that it has one. */
function name_refusal( $id, $post ): void {
	$noted = &refusals();
	if ( ! isset( $noted[0] ) || ! is_guarded_type( $post->post_type ) ) {
		return;
	}
	$noted[ $id ] = array_merge( $noted[0], array( 'id' => (int) $id ) );
	unset( $noted[0] );
	keep( (int) $id, REFUSAL, array_merge( $noted[ $id ], array( 'at' => time() ) ) );
}

/** Return the refusals of this request, once. */
function take_refusals(): array {
	$noted = &refusals();
	$taken = array_values( $noted );
	$noted = array();
	return $taken;
}

/** Forget the refusals of a post that was published after all. */
function forget_refusals( int $id ): void {
	$noted = &refusals();
	unset( $noted[ $id ] );
	delete_post_meta( $id, REFUSAL );
}

/** Return refusals as the interface's error. */
function refusal_error( array $refusals ): \WP_Error {
	$texts = wp_list_pluck( $refusals, 'text' );
	return new \WP_Error(
		'xianshen_' . $refusals[0]['code'],
		implode( ' ', array_unique( $texts ) ),
		array(
			'status' => 409,
			'post'   => $refusals[0]['id'],
		)
	);
}

/** Show what was not published since the last page, and what a button did. */
function show_notices(): void {
	$done = get_transient( 'xianshen_done_' . get_current_user_id() );
	if ( is_array( $done ) ) {
		delete_transient( 'xianshen_done_' . get_current_user_id() );
		printf( '<div class="notice %s is-dismissible xianshen-notice"><p>%s</p></div>', $done[0] ? 'notice-success' : 'notice-error', esc_html( $done[1] ) );
	}
	$name  = 'xianshen_notices_' . get_current_user_id();
	$known = get_transient( $name );
	if ( ! is_array( $known ) ) {
		return;
	}
	delete_transient( $name );
	foreach ( $known as $text ) {
		printf( '<div class="notice notice-error is-dismissible xianshen-notice"><p>%s</p></div>', esc_html( $text ) );
	}
}

/** Take WordPress's own "published" from an address where nothing was published. */
function without_success( string $address ): string {
	return array() === refusals() ? $address : remove_query_arg( 'message', $address );
}

/** Answer a request that was to publish something with why it did not. */
function as_rest_error( $response, $handler, \WP_REST_Request $request ) {
	if ( 0 === strpos( $request->get_route(), '/xianshen/' ) ) {
		return $response;
	}
	$refusals = take_refusals();
	if ( array() === $refusals || is_wp_error( $response ) ) {
		return $response;
	}
	delete_transient( 'xianshen_notices_' . get_current_user_id() );
	return refusal_error( $refusals );
}

/** End a quick edit or an XML-RPC call with the message; everything is saved by now. */
function stop_with_message( $id ): void {
	$noted = refusals();
	$one   = isset( $noted[ $id ] ) ? $noted[ $id ] : null;
	if ( null === $one ) {
		return;
	}
	if ( wp_doing_ajax() && isset( $_POST['action'] ) && 'inline-save' === $_POST['action'] ) { // phpcs:ignore WordPress.Security.NonceVerification -- WordPress has
		delete_transient( 'xianshen_notices_' . get_current_user_id() );
		wp_die( esc_html( $one['text'] ) );
	}
	$server = isset( $GLOBALS['wp_xmlrpc_server'] ) ? $GLOBALS['wp_xmlrpc_server'] : null;
	if ( defined( 'XMLRPC_REQUEST' ) && XMLRPC_REQUEST && $server instanceof \IXR_Server ) {
		delete_transient( 'xianshen_notices_' . get_current_user_id() );
		$server->error( 409, $one['text'] );
	}
}
