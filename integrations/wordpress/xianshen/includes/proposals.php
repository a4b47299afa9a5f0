<?php
/**
 * Changed texts of posts that are public already: kept apart until they may be shown (改稿).
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/** Keep a text that may not be shown yet, and a revision of it. */
function keep_proposal( array $offer ): void {
	$proposal       = array_intersect_key( $offer, array_flip( array( 'title', 'content', 'excerpt', 'slug', 'thumbnail', 'fields' ) ) );
	$proposal['at'] = time();
	$proposal['by'] = get_current_user_id();
	keep( $offer['ID'], PROPOSAL, $proposal );
	$post = get_post( $offer['ID'] );
	if ( null !== $post && wp_revisions_enabled( $post ) ) {
		$words = array(
			'post_title'   => $offer['title'],
			'post_content' => $offer['content'],
			'post_excerpt' => $offer['excerpt'],
		);
		_wp_put_post_revision( array_merge( get_object_vars( $post ), $words ) );
	}
}

/** Return the changed text of a post as an offer, null if there is none. */
function proposed( int $id ): ?array {
	$post     = get_post( $id );
	$proposal = kept( $id, PROPOSAL );
	if ( null === $post || ! isset( $proposal['title'], $proposal['content'], $proposal['excerpt'], $proposal['slug'] ) ) {
		return null;
	}
	$wanted = array_merge( (array) $proposal['fields'], array( THUMBNAIL => (int) $proposal['thumbnail'] ) );
	return offer_of_fields(
		array_merge(
			get_object_vars( $post ),
			array(
				'post_title'   => $proposal['title'],
				'post_content' => $proposal['content'],
				'post_excerpt' => $proposal['excerpt'],
				'post_name'    => $proposal['slug'],
			)
		),
		$id,
		$wanted
	);
}

/** Forget the changed text of a post. */
function drop_proposal( int $id ): void {
	delete_post_meta( $id, PROPOSAL );
}

/**
 * Publish the changed text of a post, which asks the gate as any publication does.
 *
 * @return true|\WP_Error
 */
function publish_proposal( int $id ) {
	$offer = proposed( $id );
	if ( null === $offer ) {
		return new \WP_Error( 'xianshen_nothing', __( '没有改稿可以公开。', 'xianshen' ), array( 'status' => 404 ) );
	}
	want( $id, array_merge( $offer['fields'], array( THUMBNAIL => $offer['thumbnail'] ) ) );
	wp_update_post(
		wp_slash(
			array(
				'ID'           => $id,
				'post_title'   => $offer['title'],
				'post_content' => $offer['content'],
				'post_excerpt' => $offer['excerpt'],
				'post_name'    => $offer['slug'],
				'post_status'  => 'publish',
			)
		)
	);
	$refusals = take_refusals();
	return array() === $refusals ? true : refusal_error( $refusals );
}
