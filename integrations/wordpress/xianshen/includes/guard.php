<?php
/**
 * What is shown: of the guarded posts only those that are what was cleared.
 *
 * However a text came into the database, past WordPress or past this plugin, it is shown to
 * nobody unless a sealed record says that exactly it may be.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/** Stand at every way out. */
function hook_guard(): void {
	add_action( 'pre_get_posts', __NAMESPACE__ . '\\keep_filters', PHP_INT_MAX );
	add_filter( 'the_posts', __NAMESPACE__ . '\\only_visible', PHP_INT_MAX );
	add_filter( 'get_pages', __NAMESPACE__ . '\\only_visible', PHP_INT_MAX );
	add_filter( 'the_title', __NAMESPACE__ . '\\title_of_visible', PHP_INT_MAX, 2 );
	add_filter( 'the_content', __NAMESPACE__ . '\\content_of_visible', PHP_INT_MAX );
	add_filter( 'get_the_excerpt', __NAMESPACE__ . '\\excerpt_of_visible', PHP_INT_MAX, 2 );
	add_filter( 'oembed_response_data', __NAMESPACE__ . '\\oembed_of_visible', PHP_INT_MAX, 2 );
	add_filter( 'redirect_canonical', __NAMESPACE__ . '\\no_guesses', PHP_INT_MAX );
	add_filter( 'rest_post_dispatch', __NAMESPACE__ . '\\rest_of_visible', PHP_INT_MAX, 3 );
	add_action( 'registered_post_type', __NAMESPACE__ . '\\guard_rest_type' );
	foreach ( array( 'post', 'page', 'attachment' ) as $type ) {
		guard_rest_type( $type );
	}
}

/** Guard a kind of post in the interface. */
function guard_rest_type( string $type ): void {
	remove_filter( "rest_prepare_{$type}", __NAMESPACE__ . '\\rest_item', PHP_INT_MAX );
	add_filter( "rest_prepare_{$type}", __NAMESPACE__ . '\\rest_item', PHP_INT_MAX, 2 );
}

/** Tell whether whoever asks works on the post, and may see it as it is. */
function works_on( int $id ): bool {
	if ( defined( 'WP_CLI' ) && WP_CLI ) {
		return true;
	}
	$inside = is_admin() || is_preview() || ( defined( 'REST_REQUEST' ) && REST_REQUEST ) || ( defined( 'XMLRPC_REQUEST' ) && XMLRPC_REQUEST );
	return $inside && current_user_can( 'edit_post', $id );
}

/** Tell whether a post may be shown to whoever asks. */
function is_visible( \WP_Post $post ): bool {
	if ( 'attachment' === $post->post_type ) {
		// Its page shows words that nobody reviewed; posts show the file itself.
		return works_on( (int) $post->ID );
	}
	if ( ! is_guarded_type( $post->post_type ) || ! is_public_status( $post->post_status ) ) {
		return true;
	}
	return holds( $post ) || works_on( (int) $post->ID );
}

/** Let no query go around the filters below. */
function keep_filters( \WP_Query $query ): void {
	$query->set( 'suppress_filters', false );
}

/** Return those that may be shown. */
function only_visible( $posts ) {
	if ( ! is_array( $posts ) ) {
		return $posts;
	}
	$left = array_filter(
		$posts,
		static function ( $one ) {
			// Files by themselves are asked for by themes, to draw them.
			$asked = ! $one instanceof \WP_Post || ( 'attachment' === $one->post_type && ! is_attachment() && ! ( defined( 'REST_REQUEST' ) && REST_REQUEST ) );
			return $asked || is_visible( $one );
		}
	);
	return array_values( $left );
}

/** Return the title of what may be shown. */
function title_of_visible( $title, $id = 0 ) {
	$post = $id ? get_post( $id ) : null;
	return null === $post || 'attachment' === $post->post_type || is_visible( $post ) ? $title : '';
}

/** Return the body of what may be shown. */
function content_of_visible( $content ) {
	$post = get_post();
	return null === $post || 'attachment' === $post->post_type || is_visible( $post ) ? $content : '';
}

/** Return the excerpt of what may be shown. */
function excerpt_of_visible( $excerpt, $post = null ) {
	return ! $post instanceof \WP_Post || is_visible( $post ) ? $excerpt : '';
}

/** Return how other sites may embed it, if it may be shown. */
function oembed_of_visible( $data, $post ) {
	return $post instanceof \WP_Post && ! is_visible( $post ) ? false : $data;
}

/** Lead nobody who found nothing to an address: it may be that of a hidden post. */
function no_guesses( $address ) {
	return is_404() ? false : $address;
}

/** Return an item of the interface, if it may be shown. */
function rest_item( $response, $post ) {
	if ( ! $post instanceof \WP_Post || is_visible( $post ) ) {
		return $response;
	}
	return new \WP_REST_Response( null, 404 );
}

/** Say of what may not be shown the same as of what is not there. */
function rest_of_visible( $response, $server, $request ) {
	$route = $request instanceof \WP_REST_Request ? $request->get_route() : '';
	if ( ! $response instanceof \WP_REST_Response || 0 !== strpos( $route, '/wp/v2/' ) ) {
		return $response;
	}
	$data = $response->get_data();
	if ( null === $data && 404 === $response->get_status() ) {
		return rest_convert_error_to_response( new \WP_Error( 'rest_post_invalid_id', __( '没有这一内容。', 'xianshen' ), array( 'status' => 404 ) ) );
	}
	if ( is_array( $data ) && is_list( $data ) ) {
		$search = 0 === strpos( $route, '/wp/v2/search' );
		$left   = array_filter(
			$data,
			static function ( $one ) use ( $search ) {
				return null !== $one && ! ( $search && is_array( $one ) && is_hidden_result( $one ) );
			}
		);
		$response->set_data( array_values( $left ) );
	}
	return $response;
}

/** Tell whether a search found a post that may not be shown. */
function is_hidden_result( array $found ): bool {
	$post = isset( $found['type'], $found['id'] ) && 'post' === $found['type'] ? get_post( (int) $found['id'] ) : null;
	return null !== $post && ! is_visible( $post );
}
