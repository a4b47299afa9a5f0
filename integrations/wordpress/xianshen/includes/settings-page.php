<?php
/**
 * The settings page: address, keys, what goes through the gate, and a connection test.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

/** Join the page to the menu of settings. */
function hook_settings_page(): void {
	add_action( 'admin_menu', __NAMESPACE__ . '\\add_settings_page' );
	add_action( 'admin_post_xianshen_settings', __NAMESPACE__ . '\\take_settings' );
	add_action( 'admin_post_xianshen_test', __NAMESPACE__ . '\\take_connection_test' );
	add_filter( 'plugin_action_links_' . plugin_basename( PLUGIN_FILE ), __NAMESPACE__ . '\\settings_link' );
}

/** Add the page. */
function add_settings_page(): void {
	add_options_page(
		__( '先审', 'xianshen' ),
		__( '先审', 'xianshen' ),
		'manage_options',
		'xianshen',
		__NAMESPACE__ . '\\show_settings_page'
	);
}

/** Lead from the list of plugins to the settings. */
function settings_link( array $links ): array {
	$own = sprintf( '<a href="%s">%s</a>', esc_url( settings_address() ), esc_html__( '设置', 'xianshen' ) );
	return array_merge( array( $own ), $links );
}

/** Return the address of the page. */
function settings_address(): string {
	return admin_url( 'options-general.php?page=xianshen' );
}

/** Return the channels by their Chinese names. */
function channel_names(): array {
	return array(
		'website'    => __( '网站', 'xianshen' ),
		'wechat'     => __( '公众号', 'xianshen' ),
		'press'      => __( '报刊', 'xianshen' ),
		'broadcast'  => __( '广播电视', 'xianshen' ),
		'exhibition' => __( '展板', 'xianshen' ),
		'other'      => __( '其他', 'xianshen' ),
	);
}

/** Keep what the form says; an empty key leaves the one that is kept. */
function take_settings(): void {
	forbid_others( 'xianshen_settings' );
	$known = guarded_types();
	$given = wp_unslash( $_POST ); // phpcs:ignore WordPress.Security.NonceVerification -- checked above
	$kept  = get_option( OPTION, array() );
	$kept  = array_merge( default_settings(), is_array( $kept ) ? $kept : array() );
	$new = array();
	foreach ( array( 'url', 'department', 'key', 'secret' ) as $name ) {
		$new[ $name ] = sanitize_text_field( isset( $given[ $name ] ) ? $given[ $name ] : '' );
	}
	$channel          = isset( $given['channel'] ) ? (string) $given['channel'] : '';
	$new['channel']   = isset( channel_names()[ $channel ] ) ? $channel : 'website';
	$new['types']     = array_values( array_intersect( (array) ( isset( $given['types'] ) ? $given['types'] : array() ), choosable_types() ) );
	$new['fields']    = preg_split( '/[\s,，、]+/u', sanitize_text_field( isset( $given['fields'] ) ? $given['fields'] : '' ), -1, PREG_SPLIT_NO_EMPTY );
	$new['timeout']   = max( 1, min( 60, (int) ( isset( $given['timeout'] ) ? $given['timeout'] : 10 ) ) );
	$new['on_change'] = isset( $given['on_change'] ) && 'takedown' === $given['on_change'] ? 'takedown' : 'keep';
	foreach ( $new as $name => $value ) {
		// A browser doesn't send what a constant fixes; a key that is not filled in stays.
		$stays = is_fixed( $name ) || ( '' === $value && in_array( $name, array( 'key', 'secret' ), true ) );
		if ( ! $stays ) {
			$kept[ $name ] = $value;
		}
	}
	update_option( OPTION, $kept, false );
	trust_existing( array_diff( guarded_types(), $known ) );
	back_to_settings( settings_fault(), __( '设置已保存。', 'xianshen' ) );
}

/** Ask the gate something harmless with the site's key, and say how it went. */
function take_connection_test(): void {
	forbid_others( 'xianshen_test' );
	$fault = connection_fault();
	back_to_settings( $fault, __( '接通了：先审认得这个站点的密钥和任命。', 'xianshen' ) );
}

/** Refuse whoever is not the administrator or did not come from the page. */
function forbid_others( string $action ): void {
	if ( ! current_user_can( 'manage_options' ) ) {
		wp_die( esc_html__( '只有管理员可以修改先审的设置。', 'xianshen' ), 403 );
	}
	check_admin_referer( $action );
}

/** Go back to the page with what is to be said. */
function back_to_settings( string $fault, string $done ): void {
	set_transient( 'xianshen_said_' . get_current_user_id(), array( $fault, $done ), 60 );
	wp_safe_redirect( settings_address() );
	exit;
}

/** Return the kinds of posts that may be chosen. */
function choosable_types(): array {
	return array_values( array_diff( get_post_types( array( 'public' => true ) ), array( 'attachment' ) ) );
}

/** Show the page. */
function show_settings_page(): void {
	$all  = settings();
	$said = get_transient( 'xianshen_said_' . get_current_user_id() );
	delete_transient( 'xianshen_said_' . get_current_user_id() );
	echo '<div class="wrap"><h1>' . esc_html__( '先审：先审查，后发布', 'xianshen' ) . '</h1>';
	if ( is_array( $said ) ) {
		$class = '' === $said[0] ? 'notice-success' : 'notice-error';
		printf( '<div class="notice %s"><p>%s</p></div>', esc_attr( $class ), esc_html( '' === $said[0] ? $said[1] : $said[0] ) );
	} elseif ( '' !== settings_fault() ) {
		printf( '<div class="notice notice-warning"><p>%s %s</p></div>', esc_html( settings_fault() ), esc_html__( '设好之前什么也发布不了。', 'xianshen' ) );
	}
	echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '"><input type="hidden" name="action" value="xianshen_settings">';
	wp_nonce_field( 'xianshen_settings' );
	echo '<table class="form-table" role="presentation">';
	text_row( 'url', __( '先审的网址', 'xianshen' ), (string) $all['url'], __( '形如 https://review.example.edu.cn', 'xianshen' ) );
	secret_row( 'key', __( '站点密钥', 'xianshen' ), (string) $all['key'] );
	secret_row( 'secret', __( '通知密钥', 'xianshen' ), (string) $all['secret'] );
	text_row( 'department', __( '送审的部门', 'xianshen' ), (string) $all['department'], __( '与先审里的部门名一致，如 宣传部', 'xianshen' ) );
	choice_rows( $all );
	echo '</table>';
	submit_button( __( '保存', 'xianshen' ) );
	echo '</form><form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '"><input type="hidden" name="action" value="xianshen_test">';
	wp_nonce_field( 'xianshen_test' );
	submit_button( __( '试一试接通没有', 'xianshen' ), 'secondary' );
	echo '</form><p>' . esc_html__( '通知地址（由系统管理员登记主机）：', 'xianshen' ) . '<code>' . esc_html( webhook_address() ) . '</code></p></div>';
}

/** Show a row with one line of text. */
function text_row( string $name, string $label, string $value, string $help ): void {
	printf(
		'<tr><th scope="row"><label for="xianshen-%1$s">%2$s</label></th><td><input id="xianshen-%1$s" name="%1$s" class="regular-text" value="%3$s"%4$s><p class="description">%5$s</p></td></tr>',
		esc_attr( $name ),
		esc_html( $label ),
		esc_attr( $value ),
		is_fixed( $name ) ? ' disabled' : '',
		esc_html( is_fixed( $name ) ? __( '已经写在 wp-config.php 里。', 'xianshen' ) : $help )
	);
}

/** Show a row for a key, which is never shown again. */
function secret_row( string $name, string $label, string $value ): void {
	$constants = setting_constants();
	/* translators: %s: name of a constant */
	$help = sprintf( __( '最好写在 wp-config.php 的常量 %s 里。这里填过的不再显示；留空就不改。', 'xianshen' ), $constants[ $name ] );
	if ( is_fixed( $name ) ) {
		$help = __( '已经写在 wp-config.php 里。', 'xianshen' );
	}
	printf(
		'<tr><th scope="row"><label for="xianshen-%1$s">%2$s</label></th><td><input id="xianshen-%1$s" name="%1$s" type="password" autocomplete="off" class="regular-text" value="" placeholder="%3$s"%4$s><p class="description">%5$s</p></td></tr>',
		esc_attr( $name ),
		esc_html( $label ),
		esc_attr( '' === $value ? __( '还没有填', 'xianshen' ) : __( '已填，不显示', 'xianshen' ) ),
		is_fixed( $name ) ? ' disabled' : '',
		esc_html( $help )
	);
}

/** Show the rows in which something is chosen. */
function choice_rows( array $all ): void {
	echo '<tr><th scope="row"><label for="xianshen-channel">' . esc_html__( '公开方式', 'xianshen' ) . '</label></th><td><select id="xianshen-channel" name="channel">';
	foreach ( channel_names() as $code => $name ) {
		printf( '<option value="%s"%s>%s</option>', esc_attr( $code ), selected( $all['channel'], $code, false ), esc_html( $name ) );
	}
	echo '</select></td></tr><tr><th scope="row">' . esc_html__( '哪些要过闸口', 'xianshen' ) . '</th><td>';
	foreach ( choosable_types() as $type ) {
		$named = get_post_type_object( $type );
		printf( '<label><input type="checkbox" name="types[]" value="%s"%s%s> %s</label><br>', esc_attr( $type ), checked( in_array( $type, $all['types'], true ), true, false ), is_fixed( 'types' ) ? ' disabled' : '', esc_html( $named->labels->name ) );
	}
	echo '</td></tr>';
	text_row( 'fields', __( '主题显示的自定义字段', 'xianshen' ), implode( ' ', $all['fields'] ), __( '字段名，用空格隔开；列出的字段和正文一起送审、一起核对。', 'xianshen' ) );
	text_row( 'timeout', __( '最多等闸口几秒', 'xianshen' ), (string) $all['timeout'], __( '1 到 60；等不到就不发布。', 'xianshen' ) );
	echo '<tr><th scope="row">' . esc_html__( '已公开的文章改了又没有审过', 'xianshen' ) . '</th><td>';
	foreach ( array(
		'keep'     => __( '网上保留审查通过的旧版，新文字存为改稿', 'xianshen' ),
		'takedown' => __( '整篇撤下，待审查通过再公开', 'xianshen' ),
	) as $code => $name ) {
		printf( '<label><input type="radio" name="on_change" value="%s"%s> %s</label><br>', esc_attr( $code ), checked( $all['on_change'], $code, false ), esc_html( $name ) );
	}
	echo '</td></tr>';
}
