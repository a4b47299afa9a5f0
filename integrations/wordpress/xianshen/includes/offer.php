<?php
/**
 * What is about to be published, as one value: a post as it is, or as it would be.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

const THUMBNAIL     = '_thumbnail_id';
const MOST_ATTACHED = 50;

/** Return the custom fields that readers see besides the featured image. */
function shown_fields(): array {
	return (array) apply_filters( 'xianshen_fields', setting( 'fields' ) );
}

/** Tell whether a custom field is part of what is reviewed. */
function is_shown_field( string $name ): bool {
	return THUMBNAIL === $name || in_array( $name, shown_fields(), true );
}

/** Return what a post offers to its readers; $wanted are fields about to be set. */
function offer_of_post( \WP_Post $post, array $wanted = array() ): array {
	return offer_of_fields( get_object_vars( $post ), (int) $post->ID, $wanted );
}

/** Return what a row of the table of posts (not slashed) would offer to its readers. */
function offer_of_fields( array $row, int $id, array $wanted = array() ): array {
	$fields = array();
	foreach ( shown_fields() as $name ) {
		$value           = array_key_exists( $name, $wanted ) ? $wanted[ $name ] : ( $id ? get_post_meta( $id, $name, true ) : '' );
		$fields[ $name ] = is_scalar( $value ) ? (string) $value : (string) wp_json_encode( $value );
	}
	$thumbnail = array_key_exists( THUMBNAIL, $wanted ) ? $wanted[ THUMBNAIL ] : ( $id ? get_post_meta( $id, THUMBNAIL, true ) : 0 );
	return array(
		'ID'        => $id,
		'type'      => (string) $row['post_type'],
		'parent'    => (int) ( isset( $row['post_parent'] ) ? $row['post_parent'] : 0 ),
		'title'     => (string) $row['post_title'],
		'content'   => (string) $row['post_content'],
		'excerpt'   => (string) $row['post_excerpt'],
		'slug'      => slug_of( $row, $id ),
		'thumbnail' => max( 0, (int) $thumbnail ),
		'fields'    => $fields,
	);
}

/** Return the last part of its address; a draft's is the one that it will get. */
function slug_of( array $row, int $id ): string {
	$slug = (string) $row['post_name'];
	if ( '' === $slug ) {
		$parent = (int) ( isset( $row['post_parent'] ) ? $row['post_parent'] : 0 );
		$slug   = sanitize_title( (string) $row['post_title'], $id ? (string) $id : '' );
		$slug   = wp_unique_post_slug( $slug, $id, 'publish', (string) $row['post_type'], $parent );
	}
	return $slug;
}

/** Return one digest over all that decides on what readers see, files aside. */
function fingerprint( array $offer ): string {
	$known            = $offer;
	$known['image']   = image_words( $offer['thumbnail'] );
	$known['reused']  = reused_blocks( $offer['content'] );
	$known['media']   = drawn_media( $offer['content'] . implode( "\n", $known['reused'] ), $offer['ID'] );
	$known['fields']  = array_filter( $offer['fields'], 'strlen' ); // a name without a value shows nothing
	$known['version'] = 1;
	return hash( 'sha256', (string) wp_json_encode( $known, JSON_PARTIAL_OUTPUT_ON_ERROR ) );
}

/** Return file, description and caption of the featured image. */
function image_words( int $thumbnail ): array {
	$image = $thumbnail ? get_post( $thumbnail ) : null;
	if ( null === $image ) {
		return array( '', '', '' );
	}
	return array(
		(string) get_post_meta( $thumbnail, '_wp_attached_file', true ),
		(string) get_post_meta( $thumbnail, '_wp_attachment_image_alt', true ),
		(string) $image->post_excerpt,
	);
}

/** Return the contents of the reusable blocks that a content draws in, by their ids. */
function reused_blocks( string $content, array $known = array() ): array {
	foreach ( drawn_blocks( $content ) as $id ) {
		if ( ! isset( $known[ $id ] ) ) {
			$block        = get_post( $id );
			$shown        = null !== $block && 'publish' === $block->post_status;
			$known[ $id ] = $shown ? $block->post_content : '';
			$known        = reused_blocks( $known[ $id ], $known );
		}
	}
	ksort( $known );
	return $known;
}

/**
 * Return the ids of the reusable blocks that a content draws in by itself, as WordPress reads it.
 *
 * @return int[]
 */
function drawn_blocks( string $content ): array {
	$found = array();
	$left  = false === stripos( $content, ':block' ) && false === stripos( $content, '/block' ) ? array() : parse_blocks( $content );
	while ( array() !== $left ) {
		$one = array_shift( $left );
		if ( 'core/block' === $one['blockName'] && ! empty( $one['attrs']['ref'] ) ) {
			$found[ (int) $one['attrs']['ref'] ] = true;
		}
		$left = array_merge( $left, $one['innerBlocks'] );
	}
	return array_keys( $found );
}

/**
 * Return file and words of the attachments that galleries and playlists draw in.
 *
 * @return array<int, string[]> By id.
 */
function drawn_media( string $content, int $id ): array {
	$known = array();
	if ( ! preg_match_all( '/' . get_shortcode_regex( array( 'gallery', 'playlist' ) ) . '/', $content, $found ) ) {
		return $known;
	}
	foreach ( $found[3] as $text ) {
		$said  = shortcode_parse_atts( $text );
		$said  = is_array( $said ) ? $said : array();
		$named = ! empty( $said['ids'] ) ? $said['ids'] : ( ! empty( $said['include'] ) ? $said['include'] : '' );
		$ids   = wp_parse_id_list( $named );
		if ( array() === $ids ) {
			$ids = get_posts(
				array(
					'post_parent' => isset( $said['id'] ) ? (int) $said['id'] : $id,
					'post_type'   => 'attachment',
					'post_status' => 'inherit',
					'fields'      => 'ids',
					'numberposts' => -1,
				)
			);
		}
		foreach ( $ids as $one ) {
			$post          = get_post( (int) $one );
			$more          = null === $post ? array() : array( $post->post_title, $post->post_content );
			$known[ $one ] = array_merge( image_words( (int) $one ), $more );
		}
	}
	ksort( $known );
	return $known;
}

/** Return the body as readers see it: blocks and shortcodes written out. */
function rendered( array $offer ): string {
	$before = isset( $GLOBALS['post'] ) ? $GLOBALS['post'] : null;
	$shown  = new \WP_Post(
		(object) array(
			'ID'           => $offer['ID'],
			'post_type'    => $offer['type'],
			'post_title'   => $offer['title'],
			'post_content' => $offer['content'],
			'post_excerpt' => $offer['excerpt'],
			'post_status'  => 'publish',
			'filter'       => 'raw',
		)
	);

	$GLOBALS['post'] = $shown; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- given back below
	// The same whoever asks, and before it is public: a gallery of a draft as it will be.
	$public  = static function ( $status, $post ) use ( $offer ) {
		return $post instanceof \WP_Post && $post->ID === $offer['ID'] ? 'publish' : $status;
	};
	$address = static function ( $link, $id ) {
		return home_url( '/?attachment_id=' . (int) $id );
	};
	add_filter( 'get_post_status', $public, PHP_INT_MAX, 2 );
	add_filter( 'attachment_link', $address, PHP_INT_MAX, 2 );
	add_filter( 'use_default_gallery_style', '__return_false', PHP_INT_MAX );
	try {
		$html = do_blocks( $offer['content'] );
		$html = has_blocks( $offer['content'] ) ? $html : wpautop( $html );
		$html = do_shortcode( shortcode_unautop( $html ) );
	} finally {
		remove_filter( 'get_post_status', $public, PHP_INT_MAX );
		remove_filter( 'attachment_link', $address, PHP_INT_MAX );
		remove_filter( 'use_default_gallery_style', '__return_false', PHP_INT_MAX );
		$GLOBALS['post'] = $before; // phpcs:ignore WordPress.WP.GlobalVariablesOverride -- as it was
	}
	// WordPress counts the galleries that it has written out in a request.
	return (string) preg_replace( '~((?:id|aria-describedby)=["\'])gallery-\d+~', '$1gallery', $html );
}

/**
 * Return the page as the gate is shown it, and the files that it shows.
 *
 * @return array{html: string, paths: string[]}
 */
function page_of( array $offer ): array {
	$body = '<article>' . rendered( $offer ) . '</article>';
	$body .= featured( $offer['thumbnail'] );
	$body .= '<p>网址名：' . esc_html( rawurldecode( $offer['slug'] ) ) . '</p>';
	// As they lie there: a theme may show every mark of them. Last, so that one left open hides nothing.
	if ( '' !== trim( $offer['excerpt'] ) ) {
		$body .= '<div>摘要：' . $offer['excerpt'] . '</div>';
	}
	foreach ( $offer['fields'] as $name => $value ) {
		if ( '' !== $value ) {
			$body .= '<div>' . esc_html( $name ) . '：' . $value . '</div>';
		}
	}
	return array(
		'html'  => '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"></head><body>' . $body . '</body></html>',
		'paths' => files_in( $body ),
	);
}

/** Return the featured image as a picture with its words. */
function featured( int $thumbnail ): string {
	$address = $thumbnail ? wp_get_attachment_url( $thumbnail ) : false;
	if ( false === $address ) {
		return '';
	}
	list( , $words, $caption ) = image_words( $thumbnail );
	$below = '' === $caption ? '' : '<figcaption>' . $caption . '</figcaption>';
	return '<figure><img src="' . esc_url( $address ) . '" alt="' . esc_attr( $words ) . '">' . $below . '</figure>';
}

/** Return why this can't be shown to the gate at all, '' if it can. */
function offer_fault( array $offer, array $page ): string {
	if ( '' === trim( wp_strip_all_tags( $offer['title'] ) ) ) {
		return __( '没有标题，请先写上标题。', 'xianshen' );
	}
	if ( mb_strlen( $offer['title'] ) > 500 ) {
		return __( '标题太长，请写在 500 字以内。', 'xianshen' );
	}
	if ( count( $page['paths'] ) > MOST_ATTACHED ) {
		return __( '图片和附件超过 50 个，请分成几篇。', 'xianshen' );
	}
	return '';
}
