<?php
/**
 * Every way in which a post becomes public, or a public one is changed.
 *
 * Before a row is written the gate is asked; what was written around that is met at the
 * change of status, and taken back before anybody is told of it. What is written around
 * WordPress altogether is not shown: see guard.php.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/** Stand at every way. */
function hook_publishing(): void {
	add_filter( 'wp_insert_post_data', __NAMESPACE__ . '\\before_write', PHP_INT_MAX, 2 );
	add_action( 'transition_post_status', __NAMESPACE__ . '\\on_transition', PHP_INT_MIN, 3 );
	add_action( 'publish_future_post', __NAMESPACE__ . '\\before_due', PHP_INT_MIN );
}

/** Return the fields that this request is about to set, by the id of their post. */
function &wanted_fields(): array {
	static $wanted = array();
	return $wanted;
}

/** Say which fields are about to be set, so that the question is about the end and not the way. */
function want( int $id, array $fields ): void {
	$wanted        = &wanted_fields();
	$wanted[ $id ] = array_merge( wanted( $id ), $fields );
}

/** Forget what was about to be set of a post. */
function no_longer_want( int $id ): void {
	$wanted = &wanted_fields();
	unset( $wanted[ $id ] );
}

/** Return what is about to be set of a post. */
function wanted( int $id ): array {
	$wanted = wanted_fields();
	return isset( $wanted[ $id ] ) ? $wanted[ $id ] : array();
}

/** Let nothing be written as public that the gate does not allow; $data and $given are slashed. */
function before_write( array $data, array $given ): array {
	$id = isset( $given['ID'] ) ? (int) $given['ID'] : 0;
	if ( 'wp_block' === $data['post_type'] ) {
		return before_block( $data, $id );
	}
	$goes_out = is_public_status( $data['post_status'] ) || 'future' === $data['post_status'];
	if ( ! $goes_out || ! is_guarded_type( $data['post_type'] ) ) {
		return $data;
	}
	if ( isset( $given[ THUMBNAIL ] ) ) {
		want( $id, array( THUMBNAIL => max( 0, (int) $given[ THUMBNAIL ] ) ) );
	}
	if ( isset( $given['meta_input'] ) && is_array( $given['meta_input'] ) ) {
		want( $id, array_filter( wp_unslash( $given['meta_input'] ), __NAMESPACE__ . '\\is_shown_field', ARRAY_FILTER_USE_KEY ) );
	}
	$old   = $id ? get_post( $id ) : null;
	$offer = offer_of_fields( wp_unslash( $data ), $id, wanted( $id ) );
	$shown = null !== $old && is_public_status( $old->post_status ) && holds( $old );
	if ( $shown && is_public_status( $data['post_status'] ) ) {
		$record = record_of( $id );
		if ( null !== $record && hash_equals( $record['print'], fingerprint( $offer ) ) ) {
			return $data; // nothing that a reader sees is other than before
		}
	}
	$answer = decide( $offer );
	if ( $answer['allowed'] ) {
		return $data;
	}
	$data = $shown ? instead_of_change( $data, $old, $offer ) : instead_of_publication( $data, $old );
	note_refusal( $id, $answer, $shown );
	return $data;
}

/** Return what is written instead of a public post's change: the text is kept apart. */
function instead_of_change( array $data, \WP_Post $old, array $offer ): array {
	no_longer_want( (int) $old->ID );
	if ( 'takedown' === setting( 'on_change' ) ) {
		$data['post_status'] = 'pending';
		return $data;
	}
	keep_proposal( $offer );
	foreach ( array( 'post_title', 'post_content', 'post_excerpt', 'post_name', 'post_status', 'post_date', 'post_date_gmt', 'post_parent', 'post_type', 'post_password' ) as $name ) {
		$data[ $name ] = wp_slash( $old->$name );
	}
	return $data;
}

/** Return what is written instead of a publication: the same text, not public. */
function instead_of_publication( array $data, ?\WP_Post $old ): array {
	$before              = null === $old ? '' : $old->post_status;
	$data['post_status'] = 'private' === $before ? 'private' : 'pending';
	return $data;
}

/** Keep a reusable block as it is where public posts show it; its new text becomes a revision. */
function before_block( array $data, int $id ): array {
	$old = $id ? get_post( $id ) : null;
	$new = wp_unslash( $data['post_content'] );
	if ( null === $old || ( $old->post_content === $new && $old->post_status === $data['post_status'] ) || ! is_block_shown( $id ) ) {
		return $data;
	}
	_wp_put_post_revision( array_merge( get_object_vars( $old ), array( 'post_content' => $new ) ) );
	$data['post_content'] = wp_slash( $old->post_content );
	$data['post_status']  = $old->post_status;
	note_refusal( $id, no( 'changed', __( '这个可重用区块正在已公开的文章里，不能直接改；请另建一个区块，或在文章里转为普通区块后随文章送审。新文字存在修订版本里。', 'xianshen' ) ), true );
	return $data;
}

/** Tell whether a public post shows a reusable block, by itself or within another. */
function is_block_shown( int $id ): bool {
	global $wpdb;
	$found = $wpdb->get_results( "SELECT ID, post_type, post_status, post_content FROM $wpdb->posts WHERE (post_content LIKE '%wp:block%' OR post_content LIKE '%wp:core/block%') AND post_type <> 'revision'" ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- no function of WordPress searches so
	foreach ( $found as $one ) {
		if ( ! in_array( $id, drawn_blocks( $one->post_content ), true ) ) {
			continue;
		}
		$drawn = (int) $one->ID !== $id && 'wp_block' === $one->post_type && is_block_shown( (int) $one->ID );
		if ( $drawn || ( is_guarded_type( $one->post_type ) && is_public_status( $one->post_status ) ) ) {
			return true;
		}
	}
	return false;
}

/** Meet a post whose status has changed: what went around the question before is asked here. */
function on_transition( string $new, string $old, \WP_Post $post ): void {
	if ( ! is_guarded_type( $post->post_type ) ) {
		return;
	}
	$id = (int) $post->ID;
	if ( ! is_public_status( $new ) ) {
		if ( is_public_status( $old ) ) {
			drop_record( $id );
		}
		return;
	}
	$wanted = wanted( $id );
	$offer  = offer_of_post( $post, $wanted );
	$record = record_of( $id );
	if ( is_public_status( $old ) && null !== $record && hash_equals( $record['print'], fingerprint( $offer ) ) && '' === changed_file( $record['files'] ) ) {
		return;
	}
	$answer = decide( $offer );
	if ( ! $answer['allowed'] ) {
		pull( $post, $answer );
		hush( array( 'transition_post_status', "{$old}_to_{$new}", "{$new}_{$post->post_type}" ), $post->post_type );
		return;
	}
	no_longer_want( $id );
	went_out( $offer, $answer );
	foreach ( $wanted as $name => $value ) {
		THUMBNAIL === $name && 0 === (int) $value ? delete_post_meta( $id, $name ) : update_post_meta( $id, $name, wp_slash( $value ) );
	}
}

/** Put down that exactly this went out now, to be shown and to be reported. */
function went_out( array $offer, array $answer ): void {
	keep_record( $offer, $answer );
	forget_refusals( $offer['ID'] );
	drop_proposal( $offer['ID'] );
	want_report( $offer['ID'], $answer );
}

/** Ask for a scheduled post whose time has come, before WordPress publishes it. */
function before_due( $id ): void {
	$post = get_post( $id );
	if ( null === $post || 'future' !== $post->post_status || ! is_guarded_type( $post->post_type ) || strtotime( $post->post_date_gmt . ' GMT' ) > time() ) {
		return;
	}
	$answer = decide( offer_of_post( $post ) );
	if ( ! $answer['allowed'] ) {
		pull( $post, $answer );
	}
}

/** Take a post back; its text stays as it is. */
function pull( \WP_Post $post, array $answer ): void {
	set_status( $post, 'pending' );
	drop_record( (int) $post->ID );
	note_refusal( (int) $post->ID, $answer, false );
}

/** Write a status and nothing else: an update as a whole may empty a post's address. */
function set_status( \WP_Post $post, string $status ): void {
	global $wpdb;
	$wpdb->update( $wpdb->posts, array( 'post_status' => $status ), array( 'ID' => $post->ID ) ); // phpcs:ignore WordPress.DB.DirectDatabaseQuery -- see above
	clean_post_cache( $post->ID );
	$post->post_status = $status;
}

/** Let nobody be told of a publication that was taken back: mails, feeds, pings. */
function hush( array $hooks, string $type ): void {
	global $wp_filter;
	$silenced = array();
	foreach ( $hooks as $name ) {
		if ( isset( $wp_filter[ $name ] ) ) {
			$silenced[ $name ]           = $wp_filter[ $name ]->callbacks;
			$wp_filter[ $name ]->remove_all_filters();
		}
	}
	$back = static function () use ( &$silenced ) {
		foreach ( $silenced as $name => $callbacks ) {
			foreach ( $callbacks as $priority => $each ) {
				foreach ( $each as $one ) {
					add_action( $name, $one['function'], $priority, $one['accepted_args'] );
				}
			}
		}
		$silenced = array();
	};
	foreach ( array( "edit_post_{$type}", "save_post_{$type}", 'wp_after_insert_post', 'shutdown' ) as $after ) {
		add_action( $after, $back, PHP_INT_MIN, 0 );
	}
}
