<?php
/**
 * What the editors' pages ask: hand in, where does it stand, publish or drop the changed text.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/** Open the routes. */
function hook_editor_api(): void {
	add_action( 'rest_api_init', __NAMESPACE__ . '\\open_editor_api' );
}

/** Register the routes; each wants whoever may edit the post. */
function open_editor_api(): void {
	foreach ( array(
		''                  => array( 'GET' => 'answer_state' ),
		'/submission'       => array( 'POST' => 'answer_submission' ),
		'/proposal'         => array( 'DELETE' => 'answer_drop' ),
		'/proposal/publish' => array( 'POST' => 'answer_publish' ),
	) as $path => $ways ) {
		foreach ( $ways as $method => $name ) {
			register_rest_route(
				'xianshen/v1',
				'/posts/(?P<id>\d+)' . $path,
				array(
					'methods'             => $method,
					'callback'            => __NAMESPACE__ . '\\' . $name,
					'permission_callback' => __NAMESPACE__ . '\\may_edit',
				)
			);
		}
	}
}

/** Tell whether whoever asks may edit the post. */
function may_edit( \WP_REST_Request $request ): bool {
	return current_user_can( 'edit_post', (int) $request['id'] );
}

/** Return where a post stands, asking the gate anew if that is wished. */
function answer_state( \WP_REST_Request $request ) {
	$id   = (int) $request['id'];
	$said = $request['fresh'] ? refresh_state( $id ) : null;
	$view = view_of( $id );
	if ( is_wp_error( $said ) && 'not_found' !== $said->get_error_code() ) {
		$view['fault'] = $said->get_error_message();
	}
	return $view;
}

/** Hand the post in; a public one's changed text comes with the request. */
function answer_submission( \WP_REST_Request $request ) {
	$id   = (int) $request['id'];
	$post = get_post( $id );
	if ( null !== $post && is_public_status( $post->post_status ) && isset( $request['content'] ) ) {
		keep_changed( $post, $request );
	}
	$done = submit_post( $id );
	return is_wp_error( $done ) ? as_conflict( $done ) : view_of( $id );
}

/** Keep what stands in the editor as the changed text, if it is other than the public one. */
function keep_changed( \WP_Post $post, \WP_REST_Request $request ): void {
	$row = get_object_vars( $post );
	foreach ( array( 'title', 'content', 'excerpt', 'slug' ) as $name ) {
		if ( isset( $request[ $name ] ) && is_string( $request[ $name ] ) ) {
			$row[ 'slug' === $name ? 'post_name' : 'post_' . $name ] = wp_unslash( sanitize_post_field( 'slug' === $name ? 'post_name' : 'post_' . $name, wp_slash( $request[ $name ] ), $post->ID, 'db' ) );
		}
	}
	$wanted = isset( $request['featured_media'] ) ? array( THUMBNAIL => (int) $request['featured_media'] ) : array();
	$offer  = offer_of_fields( $row, (int) $post->ID, $wanted );
	if ( fingerprint( $offer ) === fingerprint( offer_of_post( $post ) ) ) {
		drop_proposal( (int) $post->ID );
	} else {
		keep_proposal( $offer );
	}
}

/** Publish the changed text. */
function answer_publish( \WP_REST_Request $request ) {
	$id = (int) $request['id'];
	if ( ! current_user_can( 'publish_post', $id ) ) {
		return new \WP_Error( 'xianshen_forbidden', __( '您没有发布的权限。', 'xianshen' ), array( 'status' => 403 ) );
	}
	$done = publish_proposal( $id );
	return is_wp_error( $done ) ? as_conflict( $done ) : view_of( $id );
}

/** Drop the changed text; it stays among the revisions. */
function answer_drop( \WP_REST_Request $request ) {
	drop_proposal( (int) $request['id'] );
	delete_post_meta( (int) $request['id'], REFUSAL );
	return view_of( (int) $request['id'] );
}

/** Return an error with a status that is the asker's to see, never the gate's own. */
function as_conflict( \WP_Error $error ): \WP_Error {
	$code = (string) $error->get_error_code();
	return new \WP_Error( 0 === strpos( $code, 'xianshen_' ) ? $code : 'xianshen_' . $code, $error->get_error_message(), array( 'status' => 409 ) );
}

/** Return what an editor sees of a post's review. */
function view_of( int $id ): array {
	$post     = get_post( $id );
	$state    = kept( $id, STATE );
	$refusal  = kept( $id, REFUSAL );
	$proposal = kept( $id, PROPOSAL );
	$reports  = kept( $id, REPORT );
	$public   = null !== $post && is_public_status( $post->post_status );
	return array(
		'submitted'  => array() !== items_of( $id ),
		'case'       => isset( $state['case'] ) ? $state['case'] : '',
		'stage'      => isset( $state['stage'] ) ? $state['stage'] : '',
		'stage_word' => isset( $state['stage_word'] ) ? $state['stage_word'] : __( '没有送审', 'xianshen' ),
		'round'      => isset( $state['round'] ) ? $state['round'] : 0,
		'findings'   => isset( $state['findings'] ) ? $state['findings'] : null,
		'refusal'    => isset( $refusal['text'] ) ? $refusal['text'] : '',
		'public'     => $public,
		'shown'      => $public && holds( $post ),
		'deviation'  => $public ? deviation( $post ) : '',
		'reports'    => count( $reports ),
		'proposal'   => array() === $proposal ? null : array(
			'title'   => $proposal['title'],
			'content' => $proposal['content'],
			'excerpt' => $proposal['excerpt'],
			'at'      => wp_date( 'Y-m-d H:i', (int) $proposal['at'] ),
		),
		'fault'      => '',
	);
}
