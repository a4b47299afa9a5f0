<?php
/**
 * Beside the post: where its review stands, and the buttons; for both editors.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/** Stand beside the editors. */
function hook_editor(): void {
	add_action( 'add_meta_boxes', __NAMESPACE__ . '\\add_box' );
	add_action( 'enqueue_block_editor_assets', __NAMESPACE__ . '\\load_panel' );
	add_action( 'admin_enqueue_scripts', __NAMESPACE__ . '\\load_styles' );
	add_filter( 'redirect_post_location', __NAMESPACE__ . '\\after_save', 10, 2 );
	add_action( 'edit_form_top', __NAMESPACE__ . '\\load_proposal' );
	add_filter( 'display_post_states', __NAMESPACE__ . '\\add_state_word', 10, 2 );
}

/** Add the box of the classic editor. */
function add_box( string $type ): void {
	if ( is_guarded_type( $type ) ) {
		add_meta_box( 'xianshen', __( '先审', 'xianshen' ), __NAMESPACE__ . '\\show_box', $type, 'side', 'high', array( '__back_compat_meta_box' => true ) );
	}
}

/** Load the panel of the block editor. */
function load_panel(): void {
	$post = get_post();
	if ( null === $post || ! is_guarded_type( $post->post_type ) ) {
		return;
	}
	wp_enqueue_script( 'xianshen-editor', plugins_url( 'assets/editor.js', PLUGIN_FILE ), array( 'wp-plugins', 'wp-edit-post', 'wp-element', 'wp-components', 'wp-data', 'wp-api-fetch', 'wp-blocks', 'wp-block-editor', 'wp-notices' ), VERSION, true );
	wp_localize_script( 'xianshen-editor', 'xianshenPost', array( 'id' => $post->ID ) );
}

/** Load how it looks. */
function load_styles( string $page ): void {
	if ( in_array( $page, array( 'post.php', 'post-new.php', 'edit.php' ), true ) ) {
		wp_enqueue_style( 'xianshen-editor', plugins_url( 'assets/editor.css', PLUGIN_FILE ), array(), VERSION );
	}
}

/** Show the box. */
function show_box( \WP_Post $post ): void {
	$view = view_of( (int) $post->ID );
	echo '<div class="xianshen-box"><p class="xianshen-stage"><strong>' . esc_html( $view['stage_word'] ) . '</strong>';
	if ( '' !== $view['case'] ) {
		/* translators: 1: number of the case, 2: round */
		echo ' ' . esc_html( sprintf( __( '%1$s，第 %2$d 轮', 'xianshen' ), $view['case'], $view['round'] ) );
	}
	echo '</p>';
	foreach ( lines_of( $view ) as $line ) {
		echo '<p>' . esc_html( $line ) . '</p>';
	}
	if ( null !== $view['findings'] && array() !== $view['findings']['lines'] ) {
		echo '<ul class="xianshen-findings"><li>' . implode( '</li><li>', array_map( 'esc_html', $view['findings']['lines'] ) ) . '</li></ul>';
	}
	wp_nonce_field( 'xianshen_do', 'xianshen_nonce', false );
	box_button( 'submit', null === $view['proposal'] ? __( '保存并送审', 'xianshen' ) : __( '送审改稿', 'xianshen' ), true );
	box_button( 'refresh', __( '保存并刷新进展', 'xianshen' ), false );
	if ( null !== $view['proposal'] ) {
		box_button( 'publish', __( '公开改稿', 'xianshen' ), false );
		box_button( 'drop', __( '丢弃改稿', 'xianshen' ), false );
		$address = add_query_arg( 'xianshen_proposal', 1, get_edit_post_link( $post->ID, 'url' ) );
		echo '<p><a href="' . esc_url( $address ) . '">' . esc_html__( '在编辑器里打开改稿', 'xianshen' ) . '</a></p>';
	}
	echo '</div>';
}

/** Show a button of the box. */
function box_button( string $what, string $label, bool $first ): void {
	printf( '<button type="submit" name="xianshen_do" value="%s" class="button%s">%s</button> ', esc_attr( $what ), $first ? ' button-primary' : '', esc_html( $label ) );
}

/** Return what is said of a post's review in sentences. */
function lines_of( array $view ): array {
	$lines = array();
	if ( '' !== $view['refusal'] ) {
		$lines[] = $view['refusal'];
	}
	if ( $view['public'] && ! $view['shown'] ) {
		/* translators: %s: why */
		$lines[] = sprintf( __( '网上看不到这一篇：%s。', 'xianshen' ), $view['deviation'] );
	}
	if ( null !== $view['proposal'] ) {
		/* translators: %s: when */
		$lines[] = sprintf( __( '%s 的改稿还没有公开，网上仍是审查通过的旧版。', 'xianshen' ), $view['proposal']['at'] );
	}
	if ( null !== $view['findings'] ) {
		$found = $view['findings'];
		/* translators: numbers of findings */
		$lines[] = sprintf( __( '疑点：不得公开 %1$d 条，需处置 %2$d 条，提示 %3$d 条；待处置 %4$d 条，未能检查 %5$d 处。', 'xianshen' ), $found['block'], $found['review'], $found['notice'], $found['open'], $found['gaps'] );
	}
	if ( $view['reports'] ) {
		$lines[] = __( '发布登记还没有送到先审，会自动重送。', 'xianshen' );
	}
	return $lines;
}

/** Do what a button of the box asks for, once everything is saved. */
function after_save( string $address, $id ): string {
	$what  = isset( $_POST['xianshen_do'] ) ? sanitize_key( $_POST['xianshen_do'] ) : ''; // phpcs:ignore WordPress.Security.NonceVerification -- next line
	$given = isset( $_POST['xianshen_nonce'] ) ? sanitize_text_field( wp_unslash( $_POST['xianshen_nonce'] ) ) : '';
	if ( '' === $what || ! wp_verify_nonce( $given, 'xianshen_do' ) || ! current_user_can( 'edit_post', $id ) ) {
		return $address;
	}
	$id = (int) $id;
	take_refusals();
	delete_transient( 'xianshen_notices_' . get_current_user_id() );
	$done = done_by_button( $what, $id );
	$text = is_wp_error( $done ) ? $done->get_error_message() : (string) $done;
	set_transient( 'xianshen_done_' . get_current_user_id(), array( ! is_wp_error( $done ), $text ), 60 );
	return remove_query_arg( 'message', $address );
}

/** Do it; return what is to be said. */
function done_by_button( string $what, int $id ) {
	if ( 'submit' === $what ) {
		$done = submit_post( $id );
		return is_wp_error( $done ) ? $done : __( '已送审。', 'xianshen' );
	}
	if ( 'refresh' === $what ) {
		$done = refresh_state( $id );
		return is_wp_error( $done ) ? $done : __( '进展已更新。', 'xianshen' );
	}
	if ( 'publish' === $what && current_user_can( 'publish_post', $id ) ) {
		$done = publish_proposal( $id );
		return is_wp_error( $done ) ? $done : __( '改稿已公开。', 'xianshen' );
	}
	if ( 'drop' === $what ) {
		drop_proposal( $id );
		delete_post_meta( $id, REFUSAL );
		return __( '改稿已丢弃，修订版本里还找得到。', 'xianshen' );
	}
	return new \WP_Error( 'xianshen_forbidden', __( '您没有这个权限。', 'xianshen' ) );
}

/** Show the changed text in the classic editor instead of the public one. */
function load_proposal( \WP_Post $post ): void {
	$offer = isset( $_GET['xianshen_proposal'] ) ? proposed( (int) $post->ID ) : null; // phpcs:ignore WordPress.Security.NonceVerification -- reading
	if ( null !== $offer ) {
		$post->post_title   = $offer['title'];
		$post->post_content = $offer['content'];
		$post->post_excerpt = $offer['excerpt'];
	}
}

/** Say in the list of posts where the review stands. */
function add_state_word( array $states, \WP_Post $post ): array {
	if ( is_guarded_type( $post->post_type ) ) {
		$state = kept( (int) $post->ID, STATE );
		if ( isset( $state['stage_word'] ) ) {
			/* translators: %s: where the review stands */
			$states['xianshen'] = sprintf( __( '先审：%s', 'xianshen' ), $state['stage_word'] );
		}
		if ( is_public_status( $post->post_status ) && ! holds( $post ) ) {
			$states['xianshen_hidden'] = __( '网上看不到', 'xianshen' );
		}
	}
	return $states;
}
