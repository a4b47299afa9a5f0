<?php
/**
 * Handing a post in for review with its media, and learning where it stands.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/**
 * Hand a text in: of a public post the changed one, else the post as it is saved.
 *
 * @return array|\WP_Error Where it stands now.
 */
function submit_post( int $id ) {
	$post  = get_post( $id );
	$offer = null === $post ? null : proposed( $id );
	if ( null === $post || ! is_guarded_type( $post->post_type ) ) {
		return new \WP_Error( 'xianshen_kind', __( '这一类内容不经过闸口。', 'xianshen' ), array( 'status' => 404 ) );
	}
	if ( null === $offer ) {
		fix_slug( $post );
		$offer = offer_of_post( get_post( $id ) );
	}
	$page  = page_of( $offer );
	$fault = settings_fault();
	$fault = '' === $fault ? offer_fault( $offer, $page ) : $fault;
	if ( '' !== $fault ) {
		return new \WP_Error( 'xianshen_incomplete', $fault, array( 'status' => 409 ) );
	}
	$seals    = seals_of( $page['paths'] );
	$attached = attached( $page['paths'], $seals );
	return is_wp_error( $attached ) ? $attached : hand_in( $post, $offer, $page, $attached, $seals );
}

/** Give a draft the address that it will have, so that it is reviewed with it. */
function fix_slug( \WP_Post $post ): void {
	global $wpdb;
	if ( '' !== $post->post_name ) {
		return;
	}
	$slug = slug_of( get_object_vars( $post ), (int) $post->ID );
	$wpdb->update( $wpdb->posts, array( 'post_name' => $slug ), array( 'ID' => $post->ID ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- this and nothing else
	clean_post_cache( $post->ID );
}

/** Return the files as attachments, or which can't be read as it was sealed. */
function attached( array $paths, array $seals ) {
	$attached = array();
	foreach ( names_of( $paths ) as $path => $name ) {
		$bytes = file_get_contents( upload( (string) $path ) ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- a local file
		if ( false === $bytes || '' === $bytes || ! isset( $seals[ $path ] ) || hash( 'sha256', $bytes ) !== $seals[ $path ][0] ) {
			/* translators: %s: a file's name */
			return new \WP_Error( 'xianshen_file', sprintf( __( '文件“%s”读不出来，请重新上传。', 'xianshen' ), basename( (string) $path ) ), array( 'status' => 409 ) );
		}
		$attached[] = array(
			'name' => $name,
			'data' => base64_encode( $bytes ), // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- the gate's form
		);
	}
	return $attached;
}

/** Hand in under the item's name; a new one where the last is done with. */
function hand_in( \WP_Post $post, array $offer, array $page, array $attached, array $seals ) {
	$id   = (int) $post->ID;
	$name = item_for( $id, $offer );
	if ( is_wp_error( $name ) ) {
		return $name;
	}
	$author = get_userdata( (int) $post->post_author );
	$body   = array(
		'external_id' => $name,
		'title'       => $offer['title'],
		'department'  => setting( 'department' ),
		'channels'    => array( setting( 'channel' ) ),
		'html'        => $page['html'],
		'attachments' => $attached,
	);
	if ( false !== $author && '' !== trim( $author->display_name ) ) {
		$body['drafted_by'] = mb_substr( $author->display_name, 0, 100 );
	}
	if ( 0 === strpos( webhook_address(), 'https://' ) && '' !== (string) setting( 'secret' ) ) {
		$body['callback_url'] = webhook_address();
	}
	$said = ask_gate( 'POST', 'gate/submissions', $body, array( 'Idempotency-Key' => wp_generate_uuid4() ) );
	if ( is_wp_error( $said ) ) {
		return $said;
	}
	$items = kept( $id, ITEMS );
	unset( $items[ $name ] );
	$items[ $name ] = $seals;
	keep( $id, ITEMS, array_slice( $items, -20, null, true ) );
	delete_post_meta( $id, REFUSAL );
	return take_state( $id, $name, $said );
}

/** Return under which name to hand in: what is cleared stays, a change of it is a new item. */
function item_for( int $id, array $offer ) {
	$items = items_of( $id );
	if ( array() === $items ) {
		return item_name( $id, 1 );
	}
	$state = refresh_state( $id );
	if ( is_wp_error( $state ) ) {
		return 'not_found' === $state->get_error_code() ? $items[0] : $state;
	}
	if ( ! in_array( $state['stage'], array( 'cleared', 'published', 'expired' ), true ) ) {
		return $items[0];
	}
	if ( decide( $offer )['allowed'] ) {
		return new \WP_Error( 'xianshen_cleared', __( '这一内容已经审查通过，不必再送，可以直接发布。', 'xianshen' ), array( 'status' => 409 ) );
	}
	return item_name( $id, 1 + (int) substr( strrchr( $items[0], '-' ), 1 ) );
}

/** Ask where the last item stands, and keep it. */
function refresh_state( int $id ) {
	$items = items_of( $id );
	if ( array() === $items ) {
		return new \WP_Error( 'not_found', __( '还没有送审。', 'xianshen' ), array( 'status' => 404 ) );
	}
	$said = ask_gate( 'GET', 'gate/submissions/' . rawurlencode( $items[0] ) );
	return is_wp_error( $said ) ? $said : take_state( $id, $items[0], $said );
}

/** Keep what the gate told of an item; what it told otherwise is no answer. */
function take_state( int $id, string $external_id, array $said ) {
	foreach ( array( 'case', 'stage', 'stage_word' ) as $name ) {
		if ( ! isset( $said[ $name ] ) || ! is_string( $said[ $name ] ) ) {
			return no_answer( __( '答的不是先审的话', 'xianshen' ) );
		}
	}
	$found = isset( $said['findings'] ) && is_array( $said['findings'] ) ? $said['findings'] : null;
	$state = array(
		'external_id' => $external_id,
		'case'        => $said['case'],
		'stage'       => $said['stage'],
		'stage_word'  => $said['stage_word'],
		'round'       => isset( $said['round'] ) ? (int) $said['round'] : 0,
		'findings'    => null === $found ? null : summary_of( $found ),
	);
	keep_state( $id, $state );
	take_back( $id, $external_id, $said );
	return $state;
}

/** Take a post down whose own item is cleared no more: taken back, refused, or under review anew. */
function take_back( int $id, string $external_id, array $said ): void {
	$record = record_of( $id );
	$stands = array( 'cleared', 'published', 'expired' ); // expiry ends no publication
	if ( null !== $record && $record['external_id'] === $external_id && isset( $said['stage'], $said['case'] )
		&& $said['case'] === $record['case'] && ! in_array( $said['stage'], $stands, true ) ) {
		take_down( $id, $record['case'] );
	}
}

/** Return the findings as they are shown. */
function summary_of( array $found ): array {
	$summary = array( 'lines' => array() );
	foreach ( array( 'block', 'review', 'notice', 'open', 'gaps' ) as $name ) {
		$summary[ $name ] = isset( $found[ $name ] ) ? (int) $found[ $name ] : 0;
	}
	foreach ( isset( $found['lines'] ) && is_array( $found['lines'] ) ? $found['lines'] : array() as $one ) {
		if ( is_array( $one ) && isset( $one['line'] ) && is_string( $one['line'] ) ) {
			$summary['lines'][] = sanitize_text_field( $one['line'] );
		}
	}
	return $summary;
}
